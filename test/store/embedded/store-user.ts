/**
 * A process that uses the store of the folder argv[2], with argv[3] as the shared folder: prints a JSON line when it is
 * open, answers `add`, `count` and `users` (of the server) on stdin with a line, and ends gracefully when stdin ends.
 */
import { createInterface } from 'node:readline';
import { createLog } from '../../../src/log.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { startEmbedded } from '../../../src/store/embedded-server.ts';

const [, , dataDir = '', sharedFolder = ''] = process.argv;
const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const server = await startEmbedded({ dataDir, sharedFolder, log: createLog('info'), settings: { fsync: 'off' } });
const database = openDatabase({ socketDir: server.socketDir, database: server.database }, { max: 2 });
const [about] = await database.sql<{ pid: number; since: string; login: string }[]>`
  select pg_backend_pid() as pid, pg_postmaster_start_time()::text as since, current_user as login`;
say({
  ready: true,
  since: about?.since,
  login: about?.login,
  cluster: server.place.cluster,
  user: server.place.user.name,
});

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'users') {
    const keepers = await database.sql`select 1 from pg_stat_activity where application_name like 'broadsheet keeper%'`;
    say({ users: keepers.length });
    continue;
  }
  if (line === 'add') {
    await database.sql`create table if not exists kept (n int)`;
    await database.sql`insert into kept values (1)`;
  }
  const [row] = await database.sql<{ n: number }[]>`select count(*)::int as n from kept`;
  say({ kept: row?.n });
}
await database.close();
say({ stopped: await server.release() });
