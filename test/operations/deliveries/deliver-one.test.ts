import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../../src/clock.ts';
import type { Channel, Letter, Outcome } from '../../../src/deliver/channel.ts';
import { deliverOne } from '../../../src/operations/deliveries/deliver-one.ts';
import { retryPauseMs, stateAfter, stateAfterDoubt } from '../../../src/operations/deliveries/delivery-states.ts';
import { type DeliveryState, deliveries, documents, runs } from '../../../src/store/schema/runs.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import {
  archivedRun,
  deliverAll,
  ledgerCtx,
  ledgerRow,
  NOW,
  outcome,
  postThatEnds,
  postThatEndsBefore,
} from './ledger-fixture.ts';
import { postOf } from './post-of.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

const one = async (settings: Record<string, string> = {}) => {
  const ctx = ledgerCtx(database.db, settings);
  const archived = await archivedRun(ctx, { recipients: { to: ['anna@box.test'] } });
  const id = archived.prepared[0]?.id ?? '';
  return { ...archived, ctx, id, input: { deliveryId: id } };
};

/** A channel that takes every letter. */
const collect = (letters: Letter[]) => async (letter: Letter) => {
  letters.push(letter);
  return outcome('SENT');
};

test('every outcome is written as what it is, with the answer and the attempt', async () => {
  for (const state of ['SENT', 'REFUSED', 'RETRYING', 'UNCERTAIN'] as const) {
    const { ctx, id, input } = await one();
    const result = await deliverOne({ ctx, post: postThatEnds(ctx, async () => outcome(state)), input });
    expect(result).toMatchObject({ state, response: `told ${state}`, attempts: 1, recipient: 'anna@box.test' });
    expect(result.retryAfterMs).toBe(state === 'RETRYING' ? 30_000 : null);
    expect(await ledgerRow(database.db, id)).toMatchObject({ state, attempts: 1, response: `told ${state}` });
  }
});

test('the row is SENDING, and committed, before the first byte leaves', async () => {
  const { ctx, id, input } = await one();
  const seen: DeliveryState[] = [];
  const post = postThatEnds(ctx, async () => {
    seen.push((await ledgerRow(database.db, id)).state);
    return outcome('SENT');
  });
  await deliverOne({ ctx, post, input });
  expect(seen).toEqual(['SENDING']);
});

test('what ends before the letter leaves is counted and written without ever being SENDING', async () => {
  for (const state of ['REFUSED', 'RETRYING'] as const) {
    const { ctx, id, input } = await one();
    const post = postThatEndsBefore(ctx, async () => {
      expect((await ledgerRow(database.db, id)).state).toBe('PENDING');
      return outcome(state);
    });
    expect(await deliverOne({ ctx, post, input })).toMatchObject({ state, attempts: 1 });
    expect(await ledgerRow(database.db, id)).toMatchObject({ state, attempts: 1, response: `told ${state}` });
  }
});

test('a worker lost before the letter leaves costs nothing: the next one sends it', async () => {
  const { ctx, id, input } = await one();
  const lost = postThatEndsBefore(ctx, () => Promise.reject(new Error('killed')));
  await expect(deliverOne({ ctx, post: lost, input })).rejects.toThrow('killed');
  expect(await ledgerRow(database.db, id)).toMatchObject({ state: 'PENDING', attempts: 0 });
  expect((await deliverOne({ ctx, post: postThatEnds(ctx, async () => outcome('SENT')), input })).state).toBe('SENT');
});

test('an attempt that lost its race says nothing over the one that won', async () => {
  const { ctx, id, input } = await one();
  const slow = postThatEndsBefore(ctx, async () => {
    const winner = postThatEnds(ctx, async () => outcome('UNCERTAIN'));
    await deliverOne({ ctx, post: winner, input });
    return outcome('RETRYING');
  });
  expect((await deliverOne({ ctx, post: slow, input })).state).toBe('UNCERTAIN');
  expect(await ledgerRow(database.db, id)).toMatchObject({ state: 'UNCERTAIN', attempts: 1 });
});

test('an attempt that ends while its row is being made SENDING does not leave it so', async () => {
  const { ctx, id, input } = await one();
  const hasty = postThatEndsBefore(ctx, async () => outcome('RETRYING'));
  const { email } = hasty.channels;
  const send: Channel['send'] = (letter, signal, handOver) => {
    void handOver();
    return email.send(letter, signal, handOver);
  };
  const post = { ...hasty, channels: { email: { ...email, send } } };
  expect(await deliverOne({ ctx, post, input })).toMatchObject({ state: 'RETRYING', attempts: 1 });
  expect(await ledgerRow(database.db, id)).toMatchObject({ state: 'RETRYING', attempts: 1 });
});

test('RETRYING until the tries are used up, then FAILED; pauses grow and are bounded', async () => {
  const { ctx, input } = await one({ MAIL_ATTEMPTS: '3' });
  const post = postThatEnds(ctx, async () => outcome('RETRYING'));
  const states = [];
  for (let n = 0; n < 4; n += 1) states.push(await deliverOne({ ctx, post, input }));
  expect(states.map((result) => [result.state, result.attempts])).toEqual([
    ['RETRYING', 1],
    ['RETRYING', 2],
    ['FAILED', 3],
    ['FAILED', 3],
  ]);
  expect([1, 2, 3, 4, 5, 50].map(retryPauseMs)).toEqual([30_000, 120_000, 480_000, 1_920_000, 3_600_000, 3_600_000]);
});

test('a delivery that is done is not sent again', async () => {
  for (const state of ['SENT', 'REFUSED', 'UNCERTAIN'] as const) {
    const { ctx, input } = await one();
    let sends = 0;
    const post = postThatEnds(ctx, async () => {
      sends += 1;
      return outcome(state);
    });
    await deliverOne({ ctx, post, input });
    expect((await deliverOne({ ctx, post, input })).state).toBe(state);
    expect(sends).toBe(1);
  }
});

test('found SENDING by the next worker, it is UNCERTAIN and nothing is sent', async () => {
  const { ctx, id, input } = await one();
  await database.db.update(deliveries).set({ state: 'SENDING', attempts: 1 }).where(eq(deliveries.id, id));
  const post = postThatEnds(ctx, () => Promise.reject(new Error('nothing may be sent')));
  const result = await deliverOne({ ctx, post, input });
  expect(result).toMatchObject({ state: 'UNCERTAIN', response: expect.stringMatching(/worker was lost/) });
});

test.each([
  ['SENT', 'SENT'],
  ['REFUSED', 'REFUSED'],
  ['RETRYING', 'FAILED'],
  ['UNCERTAIN', 'UNCERTAIN'],
] as const)('a worker thought lost that comes back with %s: the ledger says %s', async (told, state) => {
  const { ctx, id, input } = await one();
  const post = postThatEnds(ctx, async () => {
    const other = postThatEnds(ctx, () => Promise.reject(new Error('nothing may be sent')));
    expect((await deliverOne({ ctx, post: other, input })).state).toBe('UNCERTAIN');
    return outcome(told);
  });
  expect((await deliverOne({ ctx, post, input })).state).toBe(state);
  expect((await ledgerRow(database.db, id)).state).toBe(state);
});

test('two workers at once: one sends', async () => {
  const { ctx, input } = await one();
  let sends = 0;
  const post = postThatEnds(ctx, async () => {
    sends += 1;
    return outcome('SENT');
  });
  const results = await Promise.all([1, 2, 3, 4].map(() => deliverOne({ ctx, post, input })));
  expect(sends).toBe(1);
  for (const result of results) expect(['SENT', 'UNCERTAIN', 'RETRYING']).toContain(result.state);
  expect((await ledgerRow(database.db, input.deliveryId)).state).toBe('SENT');
});

test('an attempt that we stopped does not count, and may be taken up at once', async () => {
  const { ctx, id, input } = await one({ MAIL_ATTEMPTS: '1' });
  const post = postThatEnds(ctx, async () => outcome('RETRYING', { stopped: true }));
  for (let n = 0; n < 3; n += 1) {
    expect(await deliverOne({ ctx, post, input })).toMatchObject({ state: 'RETRYING', attempts: 0, retryAfterMs: 0 });
  }
  expect((await ledgerRow(database.db, id)).attempts).toBe(0);
});

test('the run was canceled: CANCELED; the document is gone: FAILED; neither is sent', async () => {
  const canceled = await one();
  await database.db.update(runs).set({ state: 'CANCELED' }).where(eq(runs.id, canceled.runId));
  const gone = await one();
  await database.db.delete(documents).where(eq(documents.id, gone.documentId));
  const post = postThatEnds(canceled.ctx, () => Promise.reject(new Error('nothing may be sent')));
  expect((await deliverOne({ ...canceled, post })).state).toBe('CANCELED');
  expect(await deliverOne({ ...gone, post })).toMatchObject({ state: 'FAILED', response: 'the document is gone' });
});

test('an unknown delivery is not_found', async () => {
  const { ctx } = await one();
  const input = { deliveryId: randomUUID() };
  await expect(deliverOne({ ctx, post: postOf(ctx), input })).rejects.toMatchObject({ code: 'not_found' });
});

test('an unreadable document leaves the row as it was: nothing was sent', async () => {
  const { ctx, id, input } = await one();
  const post = { ...postOf(ctx), readDocument: () => Promise.reject(new Error('no store')) };
  await expect(deliverOne({ ctx, post, input })).rejects.toThrow('no store');
  expect(await ledgerRow(database.db, id)).toMatchObject({ state: 'PENDING', attempts: 0 });
});

test('each copy names all who are named, hides the hidden, and has a Message-ID of its own', async () => {
  const ctx = ledgerCtx(database.db);
  const recipients = {
    to: ['Anna <anna@box.test>', 'nonsense'],
    cc: ['ANNA@box.test', 'boris@box.test'],
    bcc: ['zoe@box.test'],
  };
  const { prepared } = await archivedRun(ctx, { recipients });
  expect(prepared.map((row) => [row.recipient, row.role])).toEqual([
    ['anna@box.test', 'to'],
    ['boris@box.test', 'cc'],
    ['nonsense', 'to'],
    ['zoe@box.test', 'bcc'],
  ]);
  const letters: Letter[] = [];
  const post = postThatEnds(ctx, async (letter) => {
    letters.push(letter);
    return outcome('SENT');
  });
  await deliverAll(ctx, post, prepared);
  for (const letter of letters) expect(letter).toMatchObject({ to: ['anna@box.test'], cc: ['boris@box.test'] });
  expect(new Set(letters.map((letter) => letter.messageId)).size).toBe(4);
});

test('above a hundred named recipients each copy names only its own', async () => {
  const ctx = ledgerCtx(database.db);
  const to = Array.from({ length: 1_000 }, (_, n) => `p${n}@box.test`);
  const { prepared } = await archivedRun(ctx, { recipients: { to, bcc: ['zoe@box.test'] } });
  expect(prepared).toHaveLength(1_001);
  const letters: Letter[] = [];
  let reads = 0;
  const base = postOf(ctx);
  const post = {
    channels: {
      email: { destination: 'told', send: collect(letters) },
    },
    readDocument: (id: string, signal: AbortSignal) => {
      reads += 1;
      return base.readDocument(id, signal);
    },
  };
  await deliverAll(ctx, post, [...prepared.slice(0, 3), ...prepared.slice(-1)]);
  expect(letters.map((letter) => letter.to)).toEqual([...prepared.slice(0, 3).map((row) => [row.recipient]), []]);
  expect(reads).toBe(4);
});

test('a document above the limit is linked, not read; without PUBLIC_URL its id stands in the mail', async () => {
  for (const settings of [{ PUBLIC_URL: 'https://r.example' }, {}] as Record<string, string>[]) {
    const ctx = ledgerCtx(database.db, { ATTACHMENT_LIMIT_BYTES: '1000', ...settings });
    const { prepared, documentId } = await archivedRun(ctx, {
      recipients: { to: ['a@box.test'] },
      bytes: randomBytes(1_001),
    });
    const letters: Letter[] = [];
    const channel = { destination: 'told', send: collect(letters) };
    const post = { channels: { email: channel }, readDocument: () => Promise.reject(new Error('must not be read')) };
    await deliverAll(ctx, post, prepared);
    expect(letters[0]?.attachments).toEqual([]);
    expect(letters[0]?.text).toContain(
      settings.PUBLIC_URL ? `https://r.example/links/documents/${documentId}?` : documentId,
    );
  }
});

test("the task's own words, the run's locale and zone, and failed widgets are in the mail", async () => {
  const ctx = ledgerCtx(database.db);
  const { prepared } = await archivedRun(ctx, {
    recipients: { to: ['a@box.test'] },
    reportName: 'Продажи',
    task: {
      subject: '{{report}}: {{period}}',
      message: 'Всем привет',
      replyTo: 'help@mail.test',
      timeZone: 'Europe/Moscow',
    },
    run: {
      params: { locale: 'ru' },
      widgets: [{ widget_id: 'w', name: 'Заказы', state: 'timed out', rows: 0, message: null }],
    },
  });
  const letters: Letter[] = [];
  await deliverAll(ctx, postThatEnds(ctx, collect(letters)), prepared);
  const [letter] = letters;
  expect(letter?.subject).toBe('[неполный] Продажи: 1 окт. 2026 г., 03:00 – 1 нояб. 2026 г., 03:00');
  expect(letter?.text).toContain('Всем привет');
  expect(letter?.text).toContain('- Заказы: превышено время ожидания');
  expect(letter?.replyTo).toBe('help@mail.test');
});

const toldOutcome = fc.record({
  state: fc.constantFrom('SENT', 'REFUSED', 'RETRYING', 'UNCERTAIN'),
  stopped: fc.boolean(),
}) as fc.Arbitrary<Pick<Outcome, 'state' | 'stopped'>>;

/** What can end an attempt before the letter leaves. */
const earlyOutcome = toldOutcome.filter((told) => told.state === 'REFUSED' || told.state === 'RETRYING');

test('stateAfter: only RETRYING goes on, and never beyond the tries', () => {
  fc.assert(
    fc.property(toldOutcome, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (told, attempts, most) => {
      const state = stateAfter(told, attempts, most);
      if (told.state !== 'RETRYING') expect(state).toBe(told.state);
      else expect(state).toBe(!told.stopped && attempts >= most ? 'FAILED' : 'RETRYING');
      expect(stateAfterDoubt(state)).not.toBe('RETRYING');
    }),
  );
});

type Told = Pick<Outcome, 'state' | 'stopped'>;
type Event = { kind: 'deliver' | 'before'; outcome: Told } | { kind: 'crash' | 'crash before' | 'cancel' };
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: toldOutcome.map((told) => ({ kind: 'deliver' as const, outcome: told })) },
  { weight: 2, arbitrary: earlyOutcome.map((told) => ({ kind: 'before' as const, outcome: told })) },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'crash' as const }, { kind: 'crash before' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cancel' as const }) },
);

test('whatever happens in whatever order: at most one mail may have left, and the ledger knows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 8 }), async (events) => {
      const { ctx, id, runId, input } = await one({ MAIL_ATTEMPTS: '3' });
      let mayHaveLeft = 0;
      let took = 0;
      const ends: readonly DeliveryState[] = ['SENT', 'REFUSED', 'UNCERTAIN', 'FAILED', 'CANCELED'];
      for (const happening of events) {
        const before = await ledgerRow(database.db, id);
        if (happening.kind === 'cancel') {
          await database.db.update(runs).set({ state: 'CANCELED' }).where(eq(runs.id, runId));
        } else {
          const early = happening.kind === 'before' || happening.kind === 'crash before';
          const postOfEvent = early ? postThatEndsBefore : postThatEnds;
          const post = postOfEvent(ctx, async () => {
            took += 1;
            if (!('outcome' in happening)) throw new Error('killed');
            const { state } = happening.outcome;
            if (state === 'SENT' || state === 'UNCERTAIN') mayHaveLeft += 1;
            return { response: 'told', ...happening.outcome };
          });
          const sendsBefore = took;
          const result = await deliverOne({ ctx, post, input }).catch(() => null);
          if (happening.kind === 'crash' && took > sendsBefore) mayHaveLeft += 1;
          const after = await ledgerRow(database.db, id);
          if (result) expect(after.state).toBe(result.state);
          if (happening.kind === 'crash before' && took > sendsBefore) expect(after).toEqual(before);
          if (ends.includes(before.state)) expect(after).toEqual(before);
          if (took > sendsBefore) expect(['PENDING', 'RETRYING']).toContain(before.state);
        }
      }
      await deliverOne({ ctx, post: postThatEnds(ctx, async () => outcome('REFUSED')), input });
      const last = await ledgerRow(database.db, id);
      expect(mayHaveLeft).toBeLessThanOrEqual(1);
      if (mayHaveLeft === 1) expect(['SENT', 'UNCERTAIN']).toContain(last.state);
      if (last.state === 'SENT' || last.state === 'UNCERTAIN') expect(mayHaveLeft).toBe(1);
    }),
    { numRuns: 40 },
  );
});

test('the ledger keeps the instants of the clock it is given', async () => {
  const { ctx, id, input } = await one();
  const clock = fixedClock(new Date(NOW.getTime() + 5_000));
  await deliverOne({ ctx: { ...ctx, clock }, post: postThatEnds(ctx, async () => outcome('SENT')), input });
  expect(await ledgerRow(database.db, id)).toMatchObject({ sentAt: new Date(NOW.getTime() + 5_000), createdAt: NOW });
});
