import { auditLog } from '../store/schema/access.ts';
import type { Ctx } from './context.ts';

export interface AuditEntry {
  /** `noun.verb`, e.g. `report_task.create`. */
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly at: Date;
  readonly detail?: Record<string, unknown>;
}

/** Write the audit row of a change. Call it inside the change's transaction: no row, no change. */
export async function audit(ctx: Ctx, entry: AuditEntry): Promise<void> {
  await auditWrite(ctx, entry);
}

/** The same as a statement, for a verb that writes it in one with the change. */
export const auditWrite = (ctx: Ctx, entry: AuditEntry) =>
  ctx.db.insert(auditLog).values({
    at: entry.at,
    actorId: ctx.actor.userId,
    action: entry.action,
    objectKind: entry.objectKind,
    objectId: entry.objectId,
    traceId: ctx.traceId,
    requestId: ctx.requestId,
    detail: entry.detail ?? {},
  });
