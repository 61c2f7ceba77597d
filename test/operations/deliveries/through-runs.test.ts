import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Ctx } from '../../../src/operations/context.ts';
import { retryDelivery } from '../../../src/operations/deliveries/retry.ts';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { auditLog } from '../../../src/store/schema/access.ts';
import { documents, type RunState } from '../../../src/store/schema/runs.ts';
import type { Worker } from '../../../src/tasks/worker.ts';
import { cut, type Script, type ScriptedRelay, say, startScriptedRelay } from '../../deliver/scripted-relay.ts';
import { createUser, testConfig, testCtx } from '../../harness/context.ts';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { needs } from '../../harness/needs.ts';
import { type Postfix, startPostfix } from '../../harness/postfix.ts';
import { until, workerOf } from '../../tasks/engine.ts';
import { createTask, failedWidget, fire, ledgerOf, partsOf, printed, runOf } from '../runs/press.ts';
import { sha256 } from './ledger-fixture.ts';
import { postOf } from './post-of.ts';

const SCRIPT = fileURLToPath(new URL('./smtp-worker.ts', import.meta.url));
const RECOVERY_MS = 25_000;

let database: TestDatabase;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  database = await testDatabase({ max: 20 });
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => database?.close());

/** A worker in this process, mailing through the relay. */
async function work(smtpUrl: string, print = async () => printed({ bytes: randomBytes(5_000) })): Promise<Ctx> {
  const ctx = testCtx({
    ...database,
    config: testConfig({ SMTP_URL: smtpUrl, MAIL_FROM: 'Reports <reports@mail.test>' }),
  });
  const parts = { ...partsOf(database.db, { print }), post: postOf(ctx) };
  const worker: Worker = workerOf(database, createRunHandlers(ctx, parts));
  ends.push(() => worker.stop(5_000));
  await worker.start();
  return ctx;
}

async function relayThat(script: Script): Promise<ScriptedRelay> {
  const relay = await startScriptedRelay(script);
  ends.push(() => relay.close());
  return relay;
}

const task = (more = {}) =>
  createTask(database.db, { instance: randomUUID(), recipients: { to: ['anna@box.test'], cc: [], bcc: [] }, ...more });

const ended = (id: string, state: RunState, timeoutMs?: number) =>
  until(
    () => runOf(database.db, id),
    (run) => run.state === state,
    timeoutMs,
  );

describe('a run that mails through a relay', () => {
  test('cut after the message: UNCERTAIN, the owner is told, nobody sends it again but the owner, under the same id', async () => {
    const owner = await createUser(database.db, { email: 'owner@mail.test' });
    const stranger = await createUser(database.db);
    const script: Script = { '.': cut };
    const relay = await relayThat(script);
    const ctx = await work(relay.url);
    const run = await fire(ctx, await task({ ownerId: owner.userId }));
    expect((await ended(run.id, 'PARTIAL')).reason).toBe('1 of 1 deliveries are uncertain');
    const [uncertain] = await ledgerOf(database.db, run.id);
    expect(uncertain).toMatchObject({ state: 'UNCERTAIN', attempts: 1 });
    const input = { id: uncertain?.id ?? '' };
    await until(
      async () => relay.heard.filter((event) => event === '.').length,
      (messages) => messages >= 2,
    );

    script['.'] = say('250 taken');
    await expect(retryDelivery({ ctx: { ...ctx, actor: stranger }, input })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect((await ledgerOf(database.db, run.id))[0]?.state).toBe('UNCERTAIN');
    await retryDelivery({ ctx: { ...ctx, actor: owner }, input });
    expect((await ended(run.id, 'SUCCESSFUL')).reason).toBeNull();
    const [sent] = await ledgerOf(database.db, run.id);
    expect(sent).toMatchObject({ state: 'SENT', attempts: 1, messageId: uncertain?.messageId });
    await expect(retryDelivery({ ctx, input })).rejects.toMatchObject({ code: 'conflict' });
    const audited = await database.db.select().from(auditLog).where(eq(auditLog.objectId, input.id));
    expect(audited).toMatchObject([{ action: 'delivery.retry', actorId: owner.userId, detail: { was: 'UNCERTAIN' } }]);
    expect(await database.db.select().from(documents).where(eq(documents.runId, run.id))).toHaveLength(1);
  });

  test('refused, mended and retried by hand: the run is made good', async () => {
    const script: Script = { RCPT: say('550 5.1.1 no such person') };
    const ctx = await work((await relayThat(script)).url);
    const run = await fire(ctx, await task());
    expect((await ended(run.id, 'FAILED')).error?.message).toMatch(/550 5\.1\.1 no such person/);
    const [refused] = await ledgerOf(database.db, run.id);
    expect(refused?.state).toBe('REFUSED');
    delete script.RCPT;
    await retryDelivery({ ctx, input: { id: refused?.id ?? '' } });
    await ended(run.id, 'SUCCESSFUL');
  });

  test.each([
    ['after its message was taken, before the answer', '.', 'SENDING', 'UNCERTAIN', 1],
    ['before its message', 'DATA', 'PENDING', 'SENT', 0],
  ] as const)(
    'a worker killed %s (at %s): the ledger says %s, then %s',
    async (_when, event, left, state, received) => {
      let mails = 0;
      const children: ChildProcess[] = [];
      let killed = false;
      const act = (): void => {
        killed = true;
        children[0]?.kill('SIGKILL');
      };
      const script: Script = { [event]: act };
      const relay = await relayThat({
        ...script,
        '.': (socket) => {
          mails += 1;
          if (event === '.') act();
          else say('250 ok')(socket);
        },
      });
      const child = spawn(process.execPath, [SCRIPT, database.url, relay.url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      ends.push(async () => {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      });
      await once(child.stdout, 'data');
      const ctx = testCtx(database);
      const run = await fire(ctx, await task());
      await once(child, 'exit');
      expect(killed).toBe(true);
      expect((await ledgerOf(database.db, run.id))[0]?.state).toBe(left);
      const other = await relayThat({});
      await work(other.url);
      await ended(run.id, state === 'SENT' ? 'SUCCESSFUL' : 'PARTIAL', RECOVERY_MS);
      expect((await ledgerOf(database.db, run.id))[0]?.state).toBe(state);
      expect(mails).toBe(received);
      expect(other.heard.filter((heard) => heard === '.')).toHaveLength(state === 'SENT' ? 1 : 0);
    },
    120_000,
  );
});

needs('postfix', 'ordinary user')('a run that mails through a real Postfix', () => {
  let postfix: Postfix;
  beforeAll(async () => {
    postfix = await startPostfix();
  });
  afterAll(() => postfix?.stop());

  test('every recipient has the document once, the refused one is told to the owner', async () => {
    const owner = await createUser(database.db, { email: 'owner@box.test' });
    const bytes = randomBytes(300_000);
    const ctx = await work(postfix.startTlsUrl, async () =>
      printed({ bytes, name: 'Отчёт 报告.pdf', widgets: [failedWidget] }),
    );
    const to = ['anna@box.test', 'boris@box.test', 'gone@box.test'];
    const recipients = { to, cc: ['Chen <chen@box.test>'], bcc: ['zoe@box.test'] };
    const run = await fire(
      ctx,
      await task({ ownerId: owner.userId, recipients, locale: 'zh', timeZone: 'Asia/Shanghai' }),
    );
    const { reason } = await ended(run.id, 'PARTIAL');
    expect(reason).toBe('1 of 5 deliveries failed; some widgets failed');
    const ledger = await ledgerOf(database.db, run.id);
    const mails = await Promise.all((await postfix.mails(5)).map((mail) => PostalMime.parse(mail)));
    const reports = mails.filter((mail) => mail.attachments.length > 0);
    const sent = ledger.filter((row) => row.state === 'SENT').map((row) => row.messageId);
    expect(sent).toHaveLength(4);
    expect(reports.map((mail) => mail.messageId).sort()).toEqual(sent.sort());
    for (const mail of reports) {
      expect(mail.subject).toMatch(/^\[不完整\] Test report/);
      expect(mail.attachments[0]?.filename).toBe('Отчёт 报告.pdf');
      expect(sha256(new Uint8Array(mail.attachments[0]?.content as ArrayBuffer))).toBe(sha256(bytes));
      expect(mail.to?.map((one) => one.address)).toEqual(to);
      expect(mail.cc?.map((one) => one.address)).toEqual(['chen@box.test']);
    }
    const [notice] = mails.filter((mail) => mail.attachments.length === 0);
    expect(notice?.to?.[0]?.address).toBe('owner@box.test');
    expect(notice?.subject).toBe('Test report: 收件人被拒绝');
    expect(notice?.text).toContain('gone@box.test: REFUSED: 550 5.1.1');
  });
});
