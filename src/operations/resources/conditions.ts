import { and, eq, ilike, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { badRequest } from '../../errors.ts';
import { anyOf } from './any-of.ts';
import { resourceOf } from './registry.ts';
import { type Field, type FieldType, filtersOf, type Relation, type Resource } from './resource.ts';
import { instant, type SearchFilter, uuid } from './schemas.ts';

const MAX_VALUES = 1_000;
/** Of a text that is looked for in others: each match costs its length. */
const MAX_TEXT = 1_000;

/** A filter as a condition. @throws BroadsheetError `bad_request` that names the field and what is wrong with it. */
export function filterCondition(resource: Resource, filter: SearchFilter): SQL {
  const condition = positive(resource, filter);
  return filter.negation ? sql`not coalesce(${condition}, false)` : condition;
}

function positive(resource: Resource, filter: SearchFilter): SQL {
  const relation = Object.hasOwn(resource.relations, filter.field) ? resource.relations[filter.field] : undefined;
  if (relation) return relatedTo(resource, relation, filter);
  const field = fieldOf(resource, filter.field, 'filters');
  if (!filtersOf(field.type).includes(filter.type)) throw wrong(filter, `can't be filtered by ${filter.type}`);
  if (filter.type === 'substr') return contains(field.column, textValue(filter));
  if (filter.type === 'intersection') return anyValue(field, filter);
  if (filter.type === 'range') return between(field, filter);
  return filter.value === null || filter.value === undefined
    ? isNull(field.column)
    : compare(field, '=', storable(field.type, filter.value, filter));
}

/** A field of the resource by its name. @throws BroadsheetError `bad_request` */
export function fieldOf(resource: Resource, name: string, where: string): Field {
  const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined;
  if (!field) throw badRequest(`Bad Request: ${where}: unknown field ${JSON.stringify(name.slice(0, 64))}`);
  return field;
}

/** Substring search over all text fields; `strict` looks for a whole value instead. */
export function virtualCondition(resource: Resource, value: string, strict: boolean): SQL | undefined {
  const columns = Object.values(resource.fields)
    .filter((field) => field.type === 'string' && field.hidden !== true)
    .map((field) => field.column);
  return or(...columns.map((column) => (strict ? eq(column, value) : contains(column, value))));
}

const contains = (column: PgColumn, text: string): SQL => ilike(column, `%${text.replace(/[\\%_]/g, '\\$&')}%`);

/** Types as PostgreSQL compares them. Integers as numeric: any JSON number fits, none is out of range. */
const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  uuid: 'uuid',
  string: 'text',
  date: 'timestamptz',
  boolean: 'boolean',
  integer: 'numeric',
  strings: 'text[]',
  json: 'jsonb',
  list: 'jsonb',
};

function compare(field: Field, operator: '=' | '>=' | '<=', value: string): SQL {
  return sql`${field.column} ${sql.raw(operator)} ${value}::text::${sql.raw(SQL_TYPES[field.type])}`;
}

/** A value of a filter as text that PostgreSQL reads without fail. */
function storable(type: FieldType, value: unknown, filter: SearchFilter): string {
  if (type === 'string' && typeof value === 'string') return value;
  if (type === 'boolean' && typeof value === 'boolean') return String(value);
  if (type === 'integer' && typeof value === 'number') return String(value);
  if (type === 'uuid') {
    const parsed = uuid.safeParse(value);
    if (parsed.success) return parsed.data;
    throw badRequest(`${filter.field} should be uuid format`);
  }
  if (type === 'date') {
    const parsed = instant.safeParse(value);
    if (parsed.success) return parsed.data.toISOString();
  }
  throw wrong(filter, `a ${type} expected`);
}

function between(field: Field, filter: SearchFilter): SQL {
  const [from, to] = Array.isArray(filter.value) ? filter.value : fromTo(filter.value);
  const bound = (operator: '>=' | '<=', value: unknown): SQL | undefined =>
    value === null || value === undefined ? undefined : compare(field, operator, storable(field.type, value, filter));
  const condition = and(bound('>=', from), bound('<=', to));
  if (!condition) throw wrong(filter, 'a range needs from, to or both');
  return condition;
}

function fromTo(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  const { from, to } = value as { from?: unknown; to?: unknown };
  return [from, to];
}

function anyValue(field: Field, filter: SearchFilter): SQL {
  const values = listOf(filter);
  if (field.type === 'strings') {
    const texts = values.map((value) => storable('string', value, filter));
    return sql`${field.column} && array(select jsonb_array_elements_text(${JSON.stringify(texts)}::text::jsonb))`;
  }
  return or(...values.map((value) => compare(field, '=', storable(field.type, value, filter)))) ?? sql`false`;
}

/** Objects that are related to any of the ids given; an empty list is related to none. */
function relatedTo(resource: Resource, relation: Relation, filter: SearchFilter): SQL {
  if (filter.type !== 'intersection' && filter.type !== 'equal')
    throw wrong(filter, `can't be filtered by ${filter.type}`);
  const ids = listOf(filter.type === 'equal' ? { ...filter, value: [filter.value] } : filter).map((id) =>
    storable('uuid', id, filter),
  );
  if (relation.kind === 'one') return anyOf(fieldOf(resource, relation.key, 'filters').column, ids);
  if (relation.kind === 'link') {
    return sql`exists (select 1 from ${relation.table} where ${relation.objectId} = ${resource.id} and ${anyOf(relation.memberId, ids)})`;
  }
  const target = resourceOf(relation.target);
  return sql`exists (select 1 from ${target.table} where ${relation.key} = ${resource.id} and ${anyOf(target.id, ids)})`;
}

function listOf(filter: SearchFilter): unknown[] {
  if (!Array.isArray(filter.value)) throw wrong(filter, 'a list expected');
  if (filter.value.length > MAX_VALUES) throw wrong(filter, `more than ${MAX_VALUES} values`);
  return filter.value;
}

function textValue(filter: SearchFilter): string {
  if (typeof filter.value !== 'string') throw wrong(filter, 'a string expected');
  if (filter.value.length > MAX_TEXT) throw wrong(filter, `longer than ${MAX_TEXT} characters`);
  return filter.value;
}

const wrong = (filter: SearchFilter, what: string) => badRequest(`Bad Request: filters: ${filter.field}: ${what}`);
