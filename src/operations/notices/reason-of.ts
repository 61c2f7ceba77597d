import { and, asc, eq, inArray } from 'drizzle-orm';
import { oneLine } from '../../deliver/mail-address.ts';
import { deliveries, type runs } from '../../store/schema/runs.ts';
import type { Ctx } from '../context.ts';

const LINES = 10;

/** Why a run is worth a notice, a line each: its own reason and error, widgets and deliveries that went wrong. */
export async function reasonOf(ctx: Ctx, run: typeof runs.$inferSelect): Promise<string> {
  const widgets = run.widgets.filter((widget) => widget.state === 'failed' || widget.state === 'timed out');
  const undelivered = await ctx.db
    .select({ recipient: deliveries.recipient, state: deliveries.state, response: deliveries.response })
    .from(deliveries)
    .where(and(eq(deliveries.runId, run.id), inArray(deliveries.state, ['FAILED', 'REFUSED', 'UNCERTAIN'])))
    .orderBy(asc(deliveries.recipient))
    .limit(LINES + 1);
  return [
    ...(run.reason ? [run.reason] : []),
    ...(run.error ? [run.error.message] : []),
    ...shortened(widgets.map((widget) => `${widget.name}: ${widget.state}: ${widget.message ?? ''}`)),
    ...shortened(undelivered.map((row) => `${row.recipient}: ${row.state}: ${row.response ?? ''}`)),
  ]
    .map(oneLine)
    .join('\n');
}

const shortened = (lines: readonly string[]): string[] =>
  lines.length > LINES ? [...lines.slice(0, LINES), '…'] : [...lines];
