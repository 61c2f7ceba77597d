import { randomBytes } from 'node:crypto';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../harness/database.ts';
import { needs } from '../../harness/needs.ts';
import { type Postfix, startPostfix } from '../../harness/postfix.ts';
import { archivedRun, deliverAll, ledgerCtx, ledgerRow, sha256 } from './ledger-fixture.ts';
import { postOf } from './post-of.ts';

needs('postfix', 'ordinary user')('delivery through a real Postfix', () => {
  let database: TestDatabase;
  let postfix: Postfix;
  beforeAll(async () => {
    database = await testDatabase();
    postfix = await startPostfix();
  });
  afterEach(() => postfix.emptyMailbox());
  afterAll(async () => {
    await postfix?.stop();
    await database?.close();
  });
  const parsed = async (count: number) =>
    Promise.all((await postfix.mails(count)).map((mail) => PostalMime.parse(mail)));

  test.each([
    ['STARTTLS and AUTH', 'startTlsUrl'],
    ['implicit TLS and AUTH', 'tlsUrl'],
  ] as const)('%s: the mail with its document is in the mailbox, and the ledger says SENT', async (_how, url) => {
    const ctx = ledgerCtx(database.db, { SMTP_URL: postfix[url] });
    const given = {
      recipients: { to: ['anna@box.test'] },
      reportName: 'Продажи за неделю 每周',
      name: 'Продажи 每周.pdf',
    };
    const { prepared, bytes } = await archivedRun(ctx, given);
    const [result] = await deliverAll(ctx, postOf(ctx), prepared);
    expect(result).toMatchObject({ state: 'SENT', response: expect.stringMatching(/^250 2\.0\.0 Ok: queued as/) });
    const row = await ledgerRow(database.db, prepared[0]?.id ?? '');
    expect(row).toMatchObject({ state: 'SENT', attempts: 1 });
    expect(row.sentAt).not.toBeNull();
    const [mail] = await parsed(1);
    expect(mail?.messageId).toBe(row.messageId);
    expect(mail?.subject).toContain('Продажи за неделю 每周 — ');
    expect(mail?.attachments[0]).toMatchObject({ filename: 'Продажи 每周.pdf', mimeType: 'application/pdf' });
    expect(sha256(new Uint8Array(mail?.attachments[0]?.content as ArrayBuffer))).toBe(sha256(bytes));
  });

  test('each recipient ends as the server decided: taken, no such person, mailbox full', async () => {
    const ctx = ledgerCtx(database.db, { SMTP_URL: postfix.startTlsUrl });
    const to = ['anna@box.test', 'full@box.test', 'gone@box.test'];
    const { prepared } = await archivedRun(ctx, { recipients: { to } });
    const results = await deliverAll(ctx, postOf(ctx), prepared);
    expect(results.map((result) => [result.recipient, result.state])).toEqual([
      ['anna@box.test', 'SENT'],
      ['full@box.test', 'RETRYING'],
      ['gone@box.test', 'REFUSED'],
    ]);
    expect(await parsed(1)).toHaveLength(1);
  });

  test('a document above the size limit of the relay is refused before it is sent, and the ledger says why', async () => {
    const ctx = ledgerCtx(database.db, { SMTP_URL: postfix.startTlsUrl });
    const { prepared } = await archivedRun(ctx, {
      recipients: { to: ['anna@box.test'] },
      bytes: randomBytes(1_200_000),
    });
    const [result] = await deliverAll(ctx, postOf(ctx), prepared);
    expect(result?.state).toBe('REFUSED');
    expect(result?.response).toMatch(/larger than allowed 1000000.*PUBLIC_URL/);
    expect(await postfix.mails(0)).toHaveLength(0);
  });

  test('with a PUBLIC_URL such a document goes out as a link', async () => {
    const ctx = ledgerCtx(database.db, { SMTP_URL: postfix.startTlsUrl, PUBLIC_URL: 'https://reports.example/base/' });
    const { prepared, documentId } = await archivedRun(ctx, {
      recipients: { to: ['anna@box.test'] },
      bytes: randomBytes(1_200_000),
    });
    const [result] = await deliverAll(ctx, postOf(ctx), prepared);
    expect(result).toMatchObject({ state: 'SENT', attempts: 1 });
    const [mail] = await parsed(1);
    expect(mail?.attachments).toEqual([]);
    expect(mail?.text).toContain(`https://reports.example/base/links/documents/${documentId}?expires=`);
  });

  test('a wrong password is the relay, not the recipient: RETRYING', async () => {
    const ctx = ledgerCtx(database.db, { SMTP_URL: postfix.startTlsUrl.replace(/:[^:@]*@/, ':wrong@') });
    const { prepared } = await archivedRun(ctx, { recipients: { to: ['anna@box.test'] } });
    const [result] = await deliverAll(ctx, postOf(ctx), prepared);
    expect(result).toMatchObject({
      state: 'RETRYING',
      response: expect.stringMatching(/connecting to the relay: 535/),
    });
    expect(result?.response).not.toContain('wrong');
  });

  test('a certificate that nobody vouches for is refused, and the password stays here', async () => {
    const ctx = ledgerCtx(database.db, { SMTP_URL: postfix.startTlsUrl.replace(/\?.*$/, '') });
    const { prepared } = await archivedRun(ctx, { recipients: { to: ['anna@box.test'] } });
    const [result] = await deliverAll(ctx, postOf(ctx), prepared);
    expect(result).toMatchObject({ state: 'RETRYING', response: expect.stringMatching(/certificate/) });
  });
});
