import type { Ctx } from '../context.ts';
import { getResource } from '../resources/get.ts';
import type { Model } from '../resources/resource.ts';
import { archiveResource } from './resource.ts';

/**
 * A document of the archive, without its bytes.
 * @throws BroadsheetError `not_found` "document not found", `forbidden`.
 */
export function getDocument({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: { id: string; relations?: readonly string[] | undefined };
}): Promise<Model> {
  return getResource({ ctx, resource: archiveResource, input });
}
