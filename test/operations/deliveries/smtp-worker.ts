import { randomBytes } from 'node:crypto';
import { createRunHandlers } from '../../../src/operations/runs/run-handlers.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { testConfig, testCtx } from '../../harness/context.ts';
import { workerOf } from '../../tasks/engine.ts';
import { partsOf, printed } from '../runs/press.ts';
import { postOf } from './post-of.ts';

/** A worker as a process of its own, to be killed while it mails: `smtp-worker.ts <database url> <smtp url>`. */
const [, , url = '', smtpUrl = ''] = process.argv;
const database = openDatabase({ url }, { max: 10 });
const config = testConfig({ SMTP_URL: smtpUrl, MAIL_FROM: 'Reports <reports@mail.test>' });
const ctx = testCtx({ ...database, config });
const print = async () => printed({ bytes: randomBytes(50_000) });
const parts = { ...partsOf(database.db, { print }), post: postOf(ctx) };
const worker = workerOf(database, createRunHandlers(ctx, parts));
await worker.start();
process.stdout.write(`started ${worker.id}\n`);
