import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from './harness/database.ts';
import { needs } from './harness/needs.ts';
import { type Postfix, startPostfix } from './harness/postfix.ts';
import { type ServeProcess, startServe } from './harness/serve-process.ts';
import { until } from './tasks/engine.ts';

/** The real thing once: a task of every minute, two replicas, the clock on the wall, a Postfix with STARTTLS and AUTH. */
needs('postfix', 'ordinary user')('a report task of every minute', () => {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-minute-'));
  let database: TestDatabase;
  let postfix: Postfix;
  let replicas: ServeProcess[] = [];
  let headers: Record<string, string>;

  beforeAll(async () => {
    [database, postfix] = await Promise.all([testDatabase(), startPostfix()]);
    const settings = { DATABASE_URL: database.url, DATA_DIR: folder, SMTP_URL: postfix.startTlsUrl };
    replicas = await Promise.all([startServe(settings), startServe(settings)]);
    const admin = replicas.map((replica) => replica.started.first_admin).find(Boolean) as Record<string, string>;
    headers = { PgrApiKey: admin.key ?? '', 'Pgr-User-ID': admin.user_id ?? '' };
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await postfix?.stop();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
    const url = `${replicas[0]?.started.url}/cruddy/v2${path}`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  test('fires on the minute, once, and its PDF arrives by mail', async () => {
    const dashboard = await post('/dashboards/create', { name: 'Words' });
    const config = { type: 'text', settings: { kind: 'text', settings: { text: '# Every minute' } } };
    await post('/widgets/create', { name: 'Words', dashboard_id: dashboard.id, config });
    const report = await post('/reports/create', { name: 'Every minute', dashboard_id: dashboard.id });
    const task = await post('/report_tasks/create', {
      interval: '* * * * *',
      report_id: report.id,
      instance: crypto.randomUUID(),
      recipients: { to: ['anna@box.test'], cc: [], bcc: [] },
    });
    const runs = () => database.sql<{ id: string; state: string; scheduled_for: Date; started_at: Date }[]>`
      select id, state, scheduled_for, started_at from runs where task_id = ${String(task.id)} order by scheduled_for`;
    const [run] = await until(runs, (rows) => rows[0]?.state === 'SUCCESSFUL', 90_000);
    await fetch(`${replicas[0]?.started.url}/cruddy/v2/report_tasks/${task.id}/pause`, { method: 'POST', headers });

    const scheduled = new Date(run?.scheduled_for ?? '');
    expect(scheduled.getTime() % 60_000).toBe(0);
    expect(new Date(run?.started_at ?? '').getTime() - scheduled.getTime()).toBeLessThan(10_000);
    const [delivery] = await database.sql`select message_id from deliveries where run_id = ${run?.id ?? ''}`;
    const letters = await Promise.all((await postfix.mails(1)).map((mail) => PostalMime.parse(mail)));
    const [letter, ...again] = letters.filter((one) => one.messageId === delivery?.message_id);
    if (!letter) throw new Error('the mail has not arrived');
    expect(again).toEqual([]);
    expect(letter.headers.find((header) => header.key === 'received')?.value).toMatch(/ESMTPSA|TLS/);
    expect(letter.to?.map((entry) => entry.address)).toEqual(['anna@box.test']);
    const pdf = letter.attachments.find(({ disposition }) => disposition === 'attachment');
    const picture = letter.attachments.find(({ disposition }) => disposition === 'inline');
    expect(letter.html).toContain(`cid:${picture?.contentId?.replace(/[<>]/g, '')}`);
    expect(picture?.mimeType).toBe('image/png');
    expect(pdf).toMatchObject({ mimeType: 'application/pdf', filename: expect.stringMatching(/\.pdf$/) });
    expect(Buffer.from(pdf?.content as ArrayBuffer).toString('latin1', 0, 5)).toBe('%PDF-');
  }, 120_000);
});
