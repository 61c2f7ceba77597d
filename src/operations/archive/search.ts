import type { Ctx } from '../context.ts';
import type { SearchInput } from '../resources/schemas.ts';
import { type SearchResult, searchResource } from '../resources/search.ts';
import { archiveResource } from './resource.ts';

/** Find documents that the actor sees, newest first. */
export function searchDocuments({ ctx, input }: { ctx: Ctx; input: SearchInput }): Promise<SearchResult> {
  return searchResource({ ctx, resource: archiveResource, input });
}
