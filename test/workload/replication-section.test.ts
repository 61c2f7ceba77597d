import { expect, test } from 'vitest';
import { type BuiltRow, builtFacts } from './built-facts.ts';
import { blocksOf, linesOf, textIn } from './printed.ts';

const standby = (pid: number, name: string, lag: number | null, behind: number): BuiltRow => ({
  ...{ pid, application_name: name, client_addr: '10.0.0.2', state: 'streaming', sync_state: 'async' },
  ...{ replay_lag_s: lag, replay_behind_bytes: behind },
});
const slot = (name: string, retained: number): BuiltRow => ({
  ...{ slot_name: name, slot_type: 'physical', active: false, wal_status: 'extended', safe_wal_size: null },
  ...{ retained_bytes: retained, xmin_age: null, catalog_xmin_age: 7 },
});

test('standbys are one line each over reconnections; slots say what they retain; the archiver what failed', () => {
  const archiver = {
    archived_count: 10,
    failed_count: 1,
    last_archived_wal: 'A',
    last_archived_time: 0,
    ready_files: 2,
  };
  const facts = builtFacts({
    settings: { archive_mode: 'on' },
    before: {
      replication: [standby(1, 'near', 0.5, 1000), standby(2, 'left', 1, 10)],
      slots: [slot('old', 5_000_000)],
      slot_stats: [{ slot_name: 'old', total_txns: 3, total_bytes: 30, spill_bytes: 0, stream_bytes: 0 }],
      archiver: [archiver],
    },
    after: {
      replication: [standby(9, 'near', null, 4000)],
      slots: [slot('old', 9_000_000)],
      slot_stats: [{ slot_name: 'old', total_txns: 5, total_bytes: 90, spill_bytes: 20, stream_bytes: 0 }],
      archiver: [{ ...archiver, archived_count: 14, failed_count: 3, ready_files: 6 }],
    },
  });
  const blocks = blocksOf(facts, 'replication');
  expect(linesOf(blocks, 'replication')).toMatchObject([
    { name: 'near', lag_max: 0.5, lag_end: null, start: 1000, max: 4000, end: 4000, note: '' },
    { name: 'left', end: null, note: 'gone' },
  ]);
  expect(linesOf(blocks, 'replication-slots')).toMatchObject([
    { slot: 'old', active: 'no', before: 5_000_000, retained: 9_000_000, status: 'extended', xmin: 7 },
  ]);
  expect(linesOf(blocks, 'replication-decoding')).toMatchObject([{ transactions: 2, decoded: 60, spilled: 20 }]);
  expect(linesOf(blocks, 'archiver').map(({ c0, c1 }) => [c0, c1])).toMatchObject([
    ['Files archived', '4'],
    ['Failed attempts', '2'],
    ['Last archived', expect.stringContaining('A, ')],
    ['Last failed', '–'],
    ['Files waiting at the end', '6'],
  ]);
});

test('a standby says what it received and which of its queries replay ended', () => {
  const conflict = {
    datid: 5,
    datname: 'app',
    confl_lock: 1,
    confl_snapshot: 0,
    confl_bufferpin: 0,
    confl_deadlock: 0,
  };
  const receiver = { status: 'streaming', sender_host: 'db1', sender_port: 5432, flushed_pos: 3000, replay_pos: 1000 };
  const built = builtFacts({
    before: { conflicts: [conflict], wal_receiver: [receiver] },
    after: { conflicts: [{ ...conflict, confl_lock: 4 }], wal_receiver: [receiver] },
  });
  const end = { ...built.range.end, identity: { ...built.range.end.identity, inRecovery: true } };
  const blocks = blocksOf({ ...built, range: { ...built.range, end } }, 'replication');
  expect(linesOf(blocks, 'replication-conflicts')).toMatchObject([{ database: 'app', lock: 3, snapshot: 0 }]);
  const lines = linesOf(blocks, 'replication-standby').map(({ c0, c1 }) => [c0, c1]);
  expect(lines.slice(0, 3)).toEqual([
    ['Receiver', 'streaming'],
    ['From', 'db1:5432'],
    ['Received and not replayed', '2 kB'],
  ]);
  expect(textIn(blocks, 'replication')).toContain('Nobody receives WAL');
});
