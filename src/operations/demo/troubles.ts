import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '../../store/database.ts';

const HELD_MS = 2500;
const BETWEEN_MS = 1200;

/**
 * What a database administrator is looking for, until an instant of `performance.now()`: a query that reads a whole table for
 * want of an index, a sort that spills into temporary files, and sessions that wait for a row which an idle transaction holds.
 */
export async function makeTroubles(sql: Sql, until: number): Promise<void> {
  await Promise.all([missingIndex(sql, until), spill(sql, until), holdRow(sql, until), waitForRow(sql, until)]);
}

async function missingIndex(sql: Sql, until: number): Promise<void> {
  for (let turn = 0; performance.now() < until; turn += 1) {
    await sql`select sum(a.delay) from flights a join flights b on b.origin = a.destination
      where a.departed between ${new Date(Date.UTC(2001, 0, 1 + (turn % 80)))} and ${new Date(Date.UTC(2001, 0, 2 + (turn % 80)))}`;
    await pause(150);
  }
}

async function spill(sql: Sql, until: number): Promise<void> {
  while (performance.now() < until) {
    await sql.begin(async (tx) => {
      await tx`set local work_mem = '256kB'`;
      await tx`select count(*) from (select origin, destination, distance, departed from flights order by distance, departed) f`;
    });
    await pause(600);
  }
}

/** Begins, changes a row, and then does nothing for a while: as a program that asks its user something. */
async function holdRow(sql: Sql, until: number): Promise<void> {
  while (performance.now() < until) {
    await sql.begin(async (tx) => {
      await tx`update branches set balance = balance + 1 where id = 1`;
      await pause(Math.min(HELD_MS, Math.max(until - performance.now(), 0)));
    });
    await pause(BETWEEN_MS);
  }
}

async function waitForRow(sql: Sql, until: number): Promise<void> {
  await pause(300);
  while (performance.now() < until) {
    await sql`update branches set balance = balance - 1 where id = 1`;
    await pause(BETWEEN_MS / 4);
  }
}
