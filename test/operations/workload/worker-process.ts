import { openDatabase } from '../../../src/store/database.ts';
import { startClusterWorker } from '../../harness/cluster.ts';
import { testCtx } from '../../harness/context.ts';

/* A worker of workload reports as a process of its own, to be killed: `worker-process.ts <database url>`. */
const [, , url = ''] = process.argv;
const database = openDatabase({ url }, { max: 10, applicationName: 'victim' });
const worker = await startClusterWorker(testCtx(database), database);
process.stdout.write(`started ${worker.id}\n`);
