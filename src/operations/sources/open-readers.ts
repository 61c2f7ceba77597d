import { and, eq } from 'drizzle-orm';
import { BroadsheetError, forbidden } from '../../errors.ts';
import type { SourceReader } from '../../query/statement.ts';
import { sources } from '../../store/schema/definitions.ts';
import { visibleTo } from '../access/rights.ts';
import type { Ctx } from '../context.ts';
import { openUrl } from './internal.ts';
import { type OpenReader, openReader } from './reader.ts';
import { sharedSources } from './resource.ts';
import { type Principal, reportOwner, requireSql } from './rights.ts';

/** Readers of the store's sources, with one pool of connections per source for the whole process. */
export interface SourceReaders {
  /**
   * The reader of the source that a series names, for `principals`: each of them must have the rights. Without them for
   * `ctx.actor`. `needsSql` when the series is SQL text.
   * @throws BroadsheetError `unprocessable` when no source has the name, `forbidden` when one of them may not use it, or
   *   not with SQL; `unavailable` when its sealed URL cannot be opened.
   */
  readerFor(args: {
    ctx: Ctx;
    name: string;
    needsSql: boolean;
    principals?: readonly Principal[];
  }): Promise<SourceReader>;
  close(): Promise<void>;
}

interface Pooled extends OpenReader {
  /** The row it was opened from, as its time of change: a changed source gets a new pool. */
  readonly version: string;
}

export function createSourceReaders(): SourceReaders {
  const pools = new Map<string, Pooled>();
  return {
    readerFor: async ({ ctx, name, needsSql, principals = [reportOwner(ctx.actor)] }) => {
      if (needsSql) principals.forEach(requireSql);
      const source = await findSource(ctx, name);
      for (const principal of principals) await requireUse(ctx, source, principal);
      const version = `${source.updatedAt.getTime()} ${Buffer.from(source.urlSealed).toString('base64')}`;
      const known = pools.get(source.id);
      if (known?.version === version) return known.reader;
      const opened = openReader(openUrl(ctx.secrets, source), ctx.config, source.maxQueries ?? undefined);
      pools.set(source.id, { ...opened, version });
      await known?.close();
      return opened.reader;
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      pools.clear();
    },
  };
}

async function findSource(ctx: Ctx, name: string): Promise<typeof sources.$inferSelect> {
  const shown = JSON.stringify(name.slice(0, 64));
  if (name === '') throw new BroadsheetError('unprocessable', 'the series names no source');
  const [source] = await ctx.db.select().from(sources).where(eq(sources.name, name));
  if (!source) throw new BroadsheetError('unprocessable', `there is no source ${shown}`);
  return source;
}

async function requireUse(ctx: Ctx, source: { id: string; name: string }, { actor, title }: Principal): Promise<void> {
  const seen = visibleTo(actor, sharedSources);
  if (!seen) return;
  const allowed = ctx.db
    .select({ id: sources.id })
    .from(sources)
    .where(and(eq(sources.id, source.id), seen));
  if ((await allowed).length === 0)
    throw forbidden(`${title} may not read the source ${JSON.stringify(source.name.slice(0, 64))}`);
}
