import type { SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Actor } from '../context.ts';

/** Kinds of search filters, as `_meta` publishes them. */
export type FilterKind = 'equal' | 'substr' | 'intersection' | 'range';

/** Types of fields; `strings` is a list of texts; `json` (an object) and `list` are neither filtered nor sorted. */
export type FieldType = 'uuid' | 'string' | 'date' | 'boolean' | 'integer' | 'strings' | 'json' | 'list';

export interface Field {
  readonly column: PgColumn;
  readonly type: FieldType;
  /** Kept for relations, filters and rights, and not shown: the family's models have the object, not its id. */
  readonly hidden?: true;
}

/** How a related object looks inside another: which fields, and which relations further down. */
export interface Shape {
  readonly fields: readonly string[] | 'all';
  readonly relations: Wanted;
}

/** Relations to load, each in a shape; `ids` loads a link's ids field alone. */
export type Wanted = Readonly<Record<string, Shape | 'ids'>>;

/** Names of the registry of resources: descriptions refer to each other by name, not by import. */
export type ResourceName =
  | 'users'
  | 'groups'
  | 'dashboards'
  | 'widgets'
  | 'report_category'
  | 'reports'
  | 'report_tasks';

/** Belongs to one: the key is the name of a field of this resource. */
interface OneRelation {
  readonly kind: 'one';
  readonly target: ResourceName;
  readonly key: string;
  readonly shape: Shape;
  /** Null unless the actor sees it: where seeing the holder says nothing about what it belongs to. */
  readonly scoped?: boolean;
}

/** Has many: the key is a column of the target's table. */
interface ManyRelation {
  readonly kind: 'many';
  readonly target: ResourceName;
  readonly key: PgColumn;
  readonly shape: Shape;
  /** Only those that the actor sees: where seeing the holder says nothing about what it holds. */
  readonly scoped?: boolean;
}

/** Many to many, by a link table. */
interface LinkRelation {
  readonly kind: 'link';
  readonly target: ResourceName;
  readonly table: PgTable;
  readonly objectId: PgColumn;
  readonly memberId: PgColumn;
  readonly shape: Shape;
  /** A further field with the ids alone, as dashboards and groups have it: `user_ids`. */
  readonly idsField?: string;
}

export type Relation = OneRelation | ManyRelation | LinkRelation;

/**
 * One description of a noun, from which get, search and `_meta` are made: fields in the order of the model, relations,
 * rights. Names are those of the model (`created_at`), and nothing here knows of HTTP.
 */
export interface Resource {
  readonly name: string;
  /** What its 404 calls it: `report` gives "report not found". */
  readonly noun: string;
  readonly table: PgTable;
  readonly id: PgColumn;
  readonly fields: Readonly<Record<string, Field>>;
  readonly relations: Readonly<Record<string, Relation>>;
  /** The condition on its rows that the actor sees them; undefined = all. */
  readonly visible: (actor: Actor) => SQL | undefined;
  /** Fields that are worked out from the row, not stored: neither filtered nor sorted. */
  readonly derived?: Readonly<Record<string, { readonly type: FieldType; readonly of: (row: Model) => unknown }>>;
}

/** An object as its model shows it: fields, and relations where they are loaded. Instants are Dates. */
export type Model = Record<string, unknown>;

const FILTERS: Readonly<Record<FieldType, readonly FilterKind[]>> = {
  uuid: ['equal', 'intersection'],
  string: ['equal', 'substr', 'intersection', 'range'],
  date: ['equal', 'range'],
  boolean: ['equal'],
  integer: ['equal', 'intersection', 'range'],
  strings: ['intersection'],
  json: [],
  list: [],
};

export const filtersOf = (type: FieldType): readonly FilterKind[] => FILTERS[type];

/** Whether a field is JSON as it was stored, which may weigh megabytes a row. */
export const isJson = (field: { readonly type: FieldType } | undefined): boolean =>
  field?.type === 'json' || field?.type === 'list';

/** The three fields that every model begins with. */
export const modelFields = (table: { id: PgColumn; createdAt: PgColumn; updatedAt: PgColumn }) =>
  ({
    id: { column: table.id, type: 'uuid' },
    created_at: { column: table.createdAt, type: 'date' },
    updated_at: { column: table.updatedAt, type: 'date' },
  }) as const satisfies Record<string, Field>;

/** A shape with all fields and these relations. */
export const whole = (relations: Wanted = {}): Shape => ({ fields: 'all', relations });

/** A shape with these fields alone. */
export const only = (...fields: readonly string[]): Shape => ({ fields, relations: {} });
