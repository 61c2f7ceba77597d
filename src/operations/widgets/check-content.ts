import { collectWarnings } from '../../definition/lenient.ts';
import { parseWidget } from '../../definition/parse-widget.ts';
import { isAdmin, requireRole } from '../access/rights.ts';
import type { Actor } from '../context.ts';
import { checkPictureField } from '../resources/check-picture.ts';

type Json = Record<string, unknown>;
export interface WidgetContent {
  readonly config: Json;
  readonly settings: Json;
}

/**
 * What a widget may hold when this actor saves it: images that can be printed, and SQL only by who has the right `sql`.
 * SQL that the widget has already may stay: a heading can be corrected without that right. Both generations of the
 * widget are looked through, since the older one shows as soon as the newer one is emptied.
 * @throws BroadsheetError `bad_request`, `forbidden`.
 */
export function checkWidgetContent(actor: Actor, next: WidgetContent, before?: WidgetContent): void {
  for (const part of ['config', 'settings'] as const) {
    if (next[part] !== before?.[part])
      checkPictureField({ [part]: next[part] }, [part, 'settings', 'settings', 'image']);
  }
  if (isAdmin(actor) || actor.roles.includes('sql')) return;
  const known = new Set(before ? sqlOf(before) : []);
  if (sqlOf(next).some((statement) => !known.has(statement))) requireRole(actor, 'sql');
}

/** Every statement with its source, as one comparable text each. */
function sqlOf(content: WidgetContent): string[] {
  const generations = [{ config: content.config }, { settings: content.settings }];
  return generations.flatMap((generation) =>
    parseWidget(generation, 'widget', collectWarnings())
      .series.filter((series) => series.mode === 'sql')
      .map((series) => JSON.stringify([series.source, series.sql])),
  );
}
