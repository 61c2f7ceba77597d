import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import type { Letter, Outcome } from '../../../src/deliver/channel.ts';
import type { Ctx } from '../../../src/operations/context.ts';
import type { NoticeCause } from '../../../src/operations/deliveries/post.ts';
import { noticeRun } from '../../../src/operations/notices/notice-run.ts';
import { users } from '../../../src/store/schema/access.ts';
import { deliveries, notices, runs } from '../../../src/store/schema/runs.ts';
import { createUser } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { archivedRun, ledgerCtx, outcome, postThatEnds } from '../deliveries/ledger-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  await database.db.delete(users);
});

const EARLIER = new Date('2026-11-21T08:58:00Z');

/** Sends a notice, answers the letters that went out. */
async function notify(ctx: Ctx, runId: string, cause: NoticeCause, end: Outcome = outcome('SENT')): Promise<Letter[]> {
  const letters: Letter[] = [];
  const post = postThatEnds(ctx, async (letter) => {
    letters.push(letter);
    return end;
  });
  await noticeRun({ ctx, post, input: { runId, cause } });
  return letters;
}

async function failedRun(task: Record<string, unknown> = {}, settings: Record<string, string> = {}) {
  const owner = await createUser(database.db, { email: 'owner@mail.test' });
  await createUser(database.db, { email: 'Admin@mail.test', roles: ['admin'] });
  await createUser(database.db, { email: 'stranger@mail.test' });
  const disabled = await createUser(database.db, { email: 'left@mail.test', roles: ['admin'] });
  await database.db.update(users).set({ disabled: true }).where(eq(users.id, disabled.userId));
  const ctx = ledgerCtx(database.db, settings);
  const run = await archivedRun(ctx, {
    recipients: { to: ['anna@box.test'] },
    task: { ownerId: owner.userId, ...task },
    run: {
      state: 'FAILED',
      reason: 'no recipient could be reached',
      error: { code: 'refused', message: '550 no such person' },
    },
  });
  return { ctx, owner, ...run };
}

test('the owner and the admins who may log in are told, each once, with the reason', async () => {
  const { ctx, runId } = await failedRun({}, { PUBLIC_URL: 'https://r.example' });
  await database.db
    .update(deliveries)
    .set({ state: 'REFUSED', response: '550 5.1.1 no\r\nsuch person' })
    .where(eq(deliveries.runId, runId));
  const letters = await notify(ctx, runId, 'FAILED');
  expect(letters.map((letter) => letter.recipient)).toEqual(['owner@mail.test', 'Admin@mail.test']);
  const [letter] = letters;
  expect(letter?.subject).toBe('Weekly sales: report failed');
  expect(letter?.text).toContain(
    'no recipient could be reached\n550 no such person\nanna@box.test: REFUSED: 550 5.1.1 no such person',
  );
  expect(letter?.text).toContain('https://r.example/links/documents/');
  expect(letter).toMatchObject({
    attachments: [],
    picture: null,
    to: ['owner@mail.test'],
    headers: { 'X-Broadsheet-Notice': 'FAILED' },
  });
});

test('an owner who is an admin, too, gets one', async () => {
  const { ctx, owner, runId } = await failedRun();
  await database.db
    .update(users)
    .set({ roles: ['admin'] })
    .where(eq(users.id, owner.userId));
  expect((await notify(ctx, runId, 'FAILED')).map((letter) => letter.recipient).sort()).toEqual([
    'Admin@mail.test',
    'owner@mail.test',
  ]);
});

test('once per task, cause and day in the zone of the task', async () => {
  const { ctx, taskId, runId } = await failedRun({ timeZone: 'Asia/Tokyo', locale: 'ru' });
  const next = await archivedRun(ctx, {});
  await database.db.update(runs).set({ taskId, scheduledFor: EARLIER }).where(eq(runs.id, next.runId));
  const at = (iso: string): Ctx => ({ ...ctx, clock: fixedClock(new Date(iso)) });
  expect(await notify(at('2026-11-21T14:00:00Z'), runId, 'FAILED')).toHaveLength(2);
  expect(await notify(at('2026-11-21T14:59:59Z'), next.runId, 'FAILED')).toHaveLength(0);
  expect(await notify(at('2026-11-21T14:59:59Z'), next.runId, 'UNCERTAIN')).toHaveLength(2);
  const tomorrow = await notify(at('2026-11-21T15:00:00Z'), next.runId, 'FAILED');
  expect(tomorrow).toHaveLength(2);
  expect(tomorrow[0]?.subject).toBe('Weekly sales: отчёт не выполнен');
  const rows = await database.db.select({ day: notices.day }).from(notices).where(eq(notices.taskId, taskId));
  expect(rows.map((row) => String(row.day)).sort()).toEqual(['2026-11-21', '2026-11-21', '2026-11-22']);
});

test('of two runs at the same moment one tells', async () => {
  const { ctx, taskId, runId } = await failedRun();
  const next = await archivedRun(ctx, {});
  await database.db.update(runs).set({ taskId, scheduledFor: EARLIER }).where(eq(runs.id, next.runId));
  const told = await Promise.all([notify(ctx, runId, 'HELD'), notify(ctx, next.runId, 'HELD')]);
  expect(told.map((letters) => letters.length).sort()).toEqual([0, 2]);
});

test('nobody reached: it throws, and the same run may try again, with the same Message-IDs', async () => {
  const { ctx, runId } = await failedRun();
  const ids: string[] = [];
  const attempt = (end: Outcome) =>
    noticeRun({
      ctx,
      input: { runId, cause: 'FAILED' },
      post: postThatEnds(ctx, async (letter) => {
        ids.push(letter.messageId);
        return end;
      }),
    });
  await expect(attempt(outcome('RETRYING'))).rejects.toMatchObject({ code: 'unavailable' });
  await attempt(outcome('SENT'));
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(2);
});

test('refused addresses are no reason to try again', async () => {
  const { ctx, runId } = await failedRun();
  expect(await notify(ctx, runId, 'FAILED', outcome('REFUSED'))).toHaveLength(2);
});

test('a run without a task has nobody to tell', async () => {
  const { ctx, runId } = await failedRun();
  await database.db.update(runs).set({ taskId: null }).where(eq(runs.id, runId));
  expect(await notify(ctx, runId, 'FAILED')).toEqual([]);
});
