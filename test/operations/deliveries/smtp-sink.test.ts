import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { needs } from '../../harness/needs.ts';
import { type SmtpSink, startSmtpSink } from '../../harness/smtp-sink.ts';
import { archivedRun, deliverAll, ledgerCtx, ledgerRow } from './ledger-fixture.ts';
import { postOf } from './post-of.ts';

const WAIT_MS = '700';

needs('smtp-sink')('the ledger against smtp-sink and its faults', () => {
  let database: TestDatabase;
  let sink: SmtpSink | undefined;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    await sink?.stop();
    sink = undefined;
  });
  afterAll(() => database?.close());

  const stateWith = async (faults: readonly string[]) => {
    sink = await startSmtpSink(faults);
    const ctx = ledgerCtx(database.db, { SMTP_URL: sink.url, MAIL_TIMEOUT_MS: WAIT_MS });
    const { prepared } = await archivedRun(ctx, { recipients: { to: ['anna@box.test'] } });
    const [result] = await deliverAll(ctx, postOf(ctx), prepared);
    const row = await ledgerRow(database.db, prepared[0]?.id ?? '');
    expect(row).toMatchObject({ state: result?.state, response: result?.response, attempts: 1 });
    return row.state;
  };

  test.each([
    ['no fault', [], 'SENT'],
    ['5xx at the connection', ['-f', 'CONNECT'], 'RETRYING'],
    ['5xx at MAIL', ['-f', 'MAIL'], 'REFUSED'],
    ['5xx at RCPT', ['-f', 'RCPT'], 'REFUSED'],
    ['5xx at DATA', ['-f', 'DATA'], 'REFUSED'],
    ['5xx after the message', ['-f', '.'], 'REFUSED'],
    ['4xx at MAIL', ['-r', 'MAIL'], 'RETRYING'],
    ['4xx at RCPT', ['-r', 'RCPT'], 'RETRYING'],
    ['4xx at DATA', ['-r', 'DATA'], 'RETRYING'],
    ['4xx after the message', ['-r', '.'], 'RETRYING'],
    ['421 and close at the connection', ['-Q', 'CONNECT'], 'RETRYING'],
    ['421 and close at MAIL', ['-Q', 'MAIL'], 'RETRYING'],
    ['421 and close at RCPT', ['-Q', 'RCPT'], 'RETRYING'],
    ['421 and close at DATA', ['-Q', 'DATA'], 'RETRYING'],
    ['421 and close after the message', ['-Q', '.'], 'RETRYING'],
    ['cut at the connection', ['-q', 'CONNECT'], 'RETRYING'],
    ['cut at EHLO', ['-q', 'EHLO'], 'RETRYING'],
    ['cut at MAIL', ['-q', 'MAIL'], 'RETRYING'],
    ['cut at RCPT', ['-q', 'RCPT'], 'RETRYING'],
    ['cut at DATA', ['-q', 'DATA'], 'RETRYING'],
    ['cut after the message', ['-q', '.'], 'UNCERTAIN'],
    ['hang at DATA', ['-w', '3'], 'RETRYING'],
    ['hang at RCPT', ['-W', 'RCPT:3'], 'RETRYING'],
    ['hang after the message', ['-W', '.:3'], 'UNCERTAIN'],
  ])('%s (%j): %s', async (_name, faults, state) => {
    expect(await stateWith(faults)).toBe(state);
  });

  test('a refusal that the closing connection may swallow is REFUSED when it is read, RETRYING when it is lost', async () => {
    expect(['REFUSED', 'RETRYING']).toContain(await stateWith(['-A', '0']));
  });
});
