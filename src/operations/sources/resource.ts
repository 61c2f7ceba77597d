import { sourceGroups, sources, sourceUsers } from '../../store/schema/definitions.ts';
import { type SharedTable, visibleTo } from '../access/rights.ts';
import { modelFields, type Resource } from '../resources/resource.ts';
import { SHORT_GROUP, SHORT_USER } from '../resources/shapes.ts';

export const sharedSources: SharedTable = {
  table: sources,
  id: sources.id,
  ownerId: sources.ownerId,
  users: sourceUsers,
  groups: sourceGroups,
};

/** A source as people see it: its URL only masked. The sealed one is no field, so no answer can hold it. */
export const sourceResource: Resource = {
  name: 'sources',
  noun: 'source',
  table: sources,
  id: sources.id,
  fields: {
    ...modelFields(sources),
    name: { column: sources.name, type: 'string' },
    kind: { column: sources.kind, type: 'string' },
    url_masked: { column: sources.urlMasked, type: 'string' },
    description: { column: sources.description, type: 'string' },
    max_queries: { column: sources.maxQueries, type: 'integer' },
    owner_id: { column: sources.ownerId, type: 'uuid', hidden: true },
  },
  relations: {
    owner: { kind: 'one', target: 'users', key: 'owner_id', shape: SHORT_USER },
    users: {
      kind: 'link',
      target: 'users',
      table: sourceUsers,
      objectId: sourceUsers.objectId,
      memberId: sourceUsers.memberId,
      shape: SHORT_USER,
      idsField: 'user_ids',
    },
    groups: {
      kind: 'link',
      target: 'groups',
      table: sourceGroups,
      objectId: sourceGroups.objectId,
      memberId: sourceGroups.memberId,
      shape: SHORT_GROUP,
      idsField: 'group_ids',
    },
  },
  visible: (actor) => visibleTo(actor, sharedSources),
};
