import { Command, Option } from 'commander';
import type { App } from '../app.ts';
import { badRequest, notFound } from '../errors.ts';
import { checkCluster, checkUrl } from '../operations/fleet/check-cluster.ts';
import { createCluster } from '../operations/fleet/create-cluster.ts';
import { deleteCluster } from '../operations/fleet/delete-cluster.ts';
import { listClusters } from '../operations/fleet/list-clusters.ts';
import { createClusterSchema } from '../operations/fleet/schemas.ts';
import { requestSnapshot } from '../operations/snapshots/request-snapshot.ts';
import { type BuildCommand, printResult } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { readStdin } from './read-stdin.ts';
import { withApp } from './with-app.ts';

const MOST_LISTED = 2000;

interface AddOptions {
  readonly kind: 'POSTGRESQL' | 'MYSQL' | 'OCEANBASE';
  readonly interval?: string;
  readonly sampling: boolean;
  readonly check: boolean;
}

/** Works on the store itself, as the service: whoever reaches the store and its key may do so. */
export const buildCluster: BuildCommand = (finish) =>
  new Command('cluster')
    .addCommand(buildAdd())
    .addCommand(
      new Command('list')
        .exitOverride()
        .summary('list the clusters')
        .action(async () => {
          const input = { page: 1, size: MOST_LISTED };
          const { items } = await withApp(({ ctx }) => listClusters({ ctx, input }));
          printResult(items.map(({ cluster, tenantCount }) => shown({ ...cluster, tenantCount })));
        }),
    )
    .addCommand(
      new Command('check')
        .exitOverride()
        .summary('look at a cluster: does it answer, which rights are missing')
        .argument('<name>')
        .action(async (name: string) => {
          const check = await withApp(async (app) =>
            checkCluster({ ctx: app.ctx, input: { id: await idOf(app, name) } }),
          );
          printResult(check);
          finish(check.advice.length > 0 ? EXIT.partial : EXIT.ok);
        }),
    )
    .addCommand(
      new Command('snapshot')
        .exitOverride()
        .summary('order a snapshot: a working process captures it')
        .argument('<name>')
        .action(async (name: string) => {
          printResult(
            await withApp(async (app) =>
              requestSnapshot({ ctx: app.ctx, input: { clusterId: await idOf(app, name) } }),
            ),
          );
        }),
    )
    .addCommand(
      new Command('remove')
        .exitOverride()
        .summary('watch a cluster no more: its snapshots and workload reports go with it')
        .argument('<name>')
        .action(async (name: string) => {
          await withApp(async (app) => deleteCluster({ ctx: app.ctx, input: { id: await idOf(app, name) } }));
          printResult({ removed: name });
        }),
    );

const buildAdd = (): Command =>
  new Command('add')
    .exitOverride()
    .summary('watch a database server from now on; looks at it first and says which rights are missing')
    .argument('<name>')
    .argument('[url]', 'postgres://login:password@host:port/database; without it, it is read from stdin')
    .addOption(new Option('--kind <kind>').choices(['POSTGRESQL']).default('POSTGRESQL'))
    .option('--interval <cron>', 'when snapshots are taken, UTC; default: hourly, at minute 1')
    .option('--no-sampling', 'do not look at its sessions once a second')
    .option('--no-check', 'add it even if it does not answer')
    .action(async (name: string, url: string | undefined, options: AddOptions) => {
      const input = parsed({
        name,
        kind: options.kind,
        url: url ?? (await readStdin()),
        captureInterval: options.interval,
        samplingEnabled: options.sampling,
      });
      const added = await withApp(async ({ ctx }) => {
        const check = options.check ? await checkUrl({ ctx, input: { url: input.url } }) : null;
        const { id, urlMasked, captureInterval } = await createCluster({ ctx, input });
        if (check !== null) await checkCluster({ ctx, input: { id } });
        return { id, name, url: urlMasked, interval: captureInterval, check };
      });
      for (const { problem, remedy, adds } of added.check?.advice ?? []) {
        process.stderr.write(`${problem}: without it the report lacks ${adds}\n  ${remedy}\n`);
      }
      printResult(added);
    });

function parsed(given: unknown) {
  const result = createClusterSchema.safeParse(given);
  if (result.success) return result.data;
  throw badRequest(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

async function idOf({ ctx }: App, name: string): Promise<number> {
  const { items } = await listClusters({ ctx, input: { page: 1, size: MOST_LISTED } });
  const found =
    items.find(({ cluster }) => cluster.name === name) ?? items.find(({ cluster }) => String(cluster.id) === name);
  if (found === undefined) throw notFound(`there is no cluster ${JSON.stringify(name.slice(0, 64))}`);
  return found.cluster.id;
}

const shown = ({ urlSealed: _sealed, ...cluster }: Record<string, unknown> & { urlSealed?: unknown }) => cluster;
