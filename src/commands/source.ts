import { Command } from 'commander';
import type { App } from '../app.ts';
import { badRequest, notFound } from '../errors.ts';
import { searchSchema } from '../operations/resources/schemas.ts';
import { searchResource } from '../operations/resources/search.ts';
import { createSource } from '../operations/sources/create.ts';
import { deleteSource } from '../operations/sources/delete.ts';
import { sourceResource } from '../operations/sources/resource.ts';
import { createSourceSchema } from '../operations/sources/schemas.ts';
import { testSource } from '../operations/sources/test.ts';
import { type BuildCommand, printResult } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { readStdin } from './read-stdin.ts';
import { withApp } from './with-app.ts';

const SHOWN = ['id', 'name', 'kind', 'url_masked', 'description', 'max_queries', 'created_at', 'updated_at'];
const MOST_LISTED = 1000;

/** Works on the store itself, as the service: whoever reaches the store and its key may do so. */
export const buildSource: BuildCommand = (finish) =>
  new Command('source')
    .addCommand(
      new Command('add')
        .exitOverride()
        .summary('define a database that series are read from')
        .argument('<name>', 'how series name it')
        .argument('[url]', 'postgres://user:password@host:port/database; without it, it is read from stdin')
        .option('--description <text>', 'for people')
        .option('--max-queries <n>', 'queries at once per process', Number)
        .action(
          async (name: string, url: string | undefined, options: { description?: string; maxQueries?: number }) => {
            const parsed = createSourceSchema.safeParse({
              name,
              url: url ?? (await readStdin()),
              description: options.description,
              max_queries: options.maxQueries,
            });
            if (!parsed.success) {
              throw badRequest(
                parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
              );
            }
            printResult(await withApp(async ({ ctx }) => shown(await createSource({ ctx, input: parsed.data }))));
          },
        ),
    )
    .addCommand(
      new Command('list')
        .exitOverride()
        .summary('list the sources')
        .action(async () => {
          const input = searchSchema.parse({ limit: MOST_LISTED, ordering: [{ field: 'name', direction: 'asc' }] });
          const { objects } = await withApp(({ ctx }) => searchResource({ ctx, resource: sourceResource, input }));
          printResult(objects.map(shown));
        }),
    )
    .addCommand(
      new Command('test')
        .exitOverride()
        .summary('connect to a source as a report would')
        .argument('<name>')
        .action(async (name: string) => {
          const found = await withApp(async (app) =>
            testSource({ ctx: app.ctx, input: { id: await idOf(app, name) } }),
          );
          printResult(found);
          finish(found.ok ? EXIT.ok : EXIT.failed);
        }),
    )
    .addCommand(
      new Command('remove')
        .exitOverride()
        .summary('remove a source that no widget reads')
        .argument('<name>')
        .action(async (name: string) => {
          await withApp(async (app) => deleteSource({ ctx: app.ctx, input: { id: await idOf(app, name) } }));
          printResult({ removed: name });
        }),
    );

async function idOf({ ctx }: App, name: string): Promise<string> {
  const input = searchSchema.parse({ filters: [{ field: 'name', type: 'equal', value: name }] });
  const { objects } = await searchResource({ ctx, resource: sourceResource, input });
  const id = objects[0]?.id;
  if (typeof id !== 'string') throw notFound(`there is no source ${JSON.stringify(name)}`);
  return id;
}

const shown = (model: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(SHOWN.map((name) => [name, model[name]]));
