import { eq, getColumns, ne, or, sql } from 'drizzle-orm';
import { type PgTable, QueryBuilder } from 'drizzle-orm/pg-core';
import { reports } from '../../store/schema/definitions.ts';
import { documents, runs } from '../../store/schema/runs.ts';
import type { Actor } from '../context.ts';
import { visibleReports } from '../reports/resource.ts';
import { modelFields, type Resource } from '../resources/resource.ts';
import { TASK_REPORT } from '../resources/shapes.ts';

/** Documents, without the pictures that only mails show, each with the state of its run: null when the run is gone by its retention. */
const archive = new QueryBuilder()
  .select({ ...getColumns(documents), state: runs.state })
  .from(documents)
  .leftJoin(runs, eq(runs.id, documents.runId))
  .where(ne(documents.role, 'preview'))
  .as('archive');

/** Documents the actor sees: those it asked for, and those of the reports it sees. For WHERE over the archive only. */
function visibleDocuments(actor: Actor) {
  const seen = visibleReports(actor);
  if (!seen) return undefined;
  const ofSeenReport = sql`exists (select 1 from ${reports} where ${reports.id} = ${archive.reportId} and (${seen}))`;
  return actor.userId === null ? ofSeenReport : or(eq(archive.ownerId, actor.userId), ofSeenReport);
}

/** A generated document. Its bytes are not part of the model. */
export const archiveResource: Resource = {
  name: 'archive',
  noun: 'document',
  table: archive as unknown as PgTable,
  id: archive.id,
  fields: {
    ...modelFields(archive),
    name: { column: archive.name, type: 'string' },
    report_id: { column: archive.reportId, type: 'uuid' },
    task_id: { column: archive.taskId, type: 'uuid' },
    run_id: { column: archive.runId, type: 'uuid' },
    instance: { column: archive.instance, type: 'uuid' },
    state: { column: archive.state, type: 'string' },
    kind: { column: archive.kind, type: 'string' },
    role: { column: archive.role, type: 'string' },
    media_type: { column: archive.mediaType, type: 'string' },
    size: { column: archive.size, type: 'integer' },
    pages: { column: archive.pages, type: 'integer' },
    sha256: { column: archive.sha256, type: 'string' },
    manifest: { column: archive.manifest, type: 'json' },
    owner_id: { column: archive.ownerId, type: 'uuid', hidden: true },
  },
  relations: {
    report: { kind: 'one', target: 'reports', key: 'report_id', shape: TASK_REPORT, scoped: true },
  },
  visible: visibleDocuments,
};
