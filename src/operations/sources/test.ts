import { eq } from 'drizzle-orm';
import { engineOfUrl } from '../../engines/engines.ts';
import { BroadsheetError, notFound } from '../../errors.ts';
import { sources } from '../../store/schema/definitions.ts';
import { requireRole, requireVisible } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { createSharedLooks, type SharedLooks } from '../shared-looks.ts';
import { openUrl } from './internal.ts';
import { sharedSources, sourceResource } from './resource.ts';
import type { SourceTest } from './schemas.ts';

const TEST_TIMEOUT_MS = 15_000;

/** What a process needs to have `testSource` shared by its callers. */
export const createSourceLooks = (): SharedLooks<SourceTest> => createSharedLooks();

/**
 * Connect to a source as a report would, and say what was found. Whoever may read it; with `looks`, who asks while that is
 * done for others shares it.
 */
export async function testSource({
  ctx,
  input,
  looks,
}: {
  ctx: Ctx;
  input: { id: string };
  looks?: SharedLooks<SourceTest>;
}): Promise<SourceTest> {
  await requireVisible(ctx, sharedSources, input.id, `${sourceResource.noun} not found`);
  const [source] = await ctx.db
    .select({ id: sources.id, urlSealed: sources.urlSealed })
    .from(sources)
    .where(eq(sources.id, input.id));
  if (!source) throw notFound(`${sourceResource.noun} not found`);
  const look = (signal: AbortSignal) => examine({ ...ctx, signal }, openUrl(ctx.secrets, source));
  return looks ? looks(Buffer.from(source.urlSealed).toString('base64'), look) : look(ctx.signal);
}

/** The same before a source is made of the URL: users with the role `sources`, and admins. */
export async function testUrl({ ctx, input }: { ctx: Ctx; input: { url: string } }): Promise<SourceTest> {
  requireRole(ctx.actor, 'sources');
  return examine(ctx, input.url);
}

/** A database that cannot be used is what a test is there to find: no error, but `ok: false` with the reason. */
async function examine(ctx: Ctx, url: string): Promise<SourceTest> {
  const connection = engineOfUrl(url).connect(url, {
    connections: 1,
    allowPrivileged: ctx.config.ALLOW_PRIVILEGED_SOURCES,
    applicationName: 'broadsheet test',
  });
  const timeout = AbortSignal.timeout(TEST_TIMEOUT_MS);
  try {
    const report = await connection.test(AbortSignal.any([ctx.signal, timeout]));
    return { ok: report.problems.length === 0, ...report, problems: [...report.problems] };
  } catch (error) {
    if (!(error instanceof BroadsheetError) || (error.code === 'canceled' && !timeout.aborted)) throw error;
    const problem = error.code === 'canceled' ? `it did not answer within ${TEST_TIMEOUT_MS} ms` : error.message;
    return { ok: false, version: null, login: null, privileged: null, problems: [problem] };
  } finally {
    await connection.close();
  }
}
