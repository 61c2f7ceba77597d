import type { BuilderQuery, QueryField } from '../definition/definition.ts';
import { type Interval, intervalFor, parseInterval } from '../period/interval.ts';
import type { Period } from '../period/period.ts';
import { aggregation } from './aggregations.ts';
import { type CatalogueColumn, columnOf, isTimeColumn, refuse, tableOf } from './dataset.ts';
import type { Dialect } from './dialect.ts';
import { filterCondition } from './filters.ts';
import { type Bound, bind, type Fragment, join, keyword, sql, toStatement } from './fragment.ts';
import type { Catalogue, CatalogueTable, Statement } from './statement.ts';

/** What a series is read for. */
export interface QueryScope {
  readonly dialect: Dialect;
  readonly period: Period;
  /** IANA zone in which buckets begin and dates are read. */
  readonly zone: string;
  /** What `now` means in filter values. */
  readonly now: Date;
}

interface Output {
  readonly name: string;
  /** Null for `count` of rows. */
  readonly column: CatalogueColumn | null;
  readonly expression: Fragment;
  readonly aggregated: boolean;
}

interface Plan {
  readonly query: BuilderQuery;
  readonly table: CatalogueTable;
  readonly outputs: readonly Output[];
  readonly groupColumns: readonly CatalogueColumn[];
  readonly isGrouped: boolean;
  readonly bucketed: boolean;
}

/**
 * Make a statement of a builder's query. Names are found in the catalogue or refused, values are bound, and the
 * result's columns are named beside the text: no text of the query becomes SQL.
 *
 * - No fields: all columns of the dataset. `*` as the field of `count` counts rows.
 * - The time column is the first of `group_by`, else of the plain fields, else of the dataset that is an instant or a
 *   date. The period applies to it; a dataset without one is read whole.
 * - `interval` (a width, or `auto`) puts the time column into buckets wherever it is selected or grouped by, selects it
 *   first when it was not selected at all, and orders by it when no order is asked for.
 * - As soon as anything is aggregated, grouped or bucketed, every field that is not aggregated is grouped by.
 * - A column is named by its alias, else its field, else (`count` of rows) its function.
 * @throws BroadsheetError `unprocessable`, or `bad_request` for an interval or a time value that cannot be read.
 */
export function buildQuery(query: BuilderQuery, catalogue: Catalogue, scope: QueryScope): Statement {
  const table = tableOf(catalogue, query.dataset);
  const groupColumns = query.groupBy.map((name) => columnOf(table, name, 'group_by'));
  const fields = query.fields.filter((field) => field.field !== '' || field.aggregation !== null);
  const time = timeColumnOf(table, groupColumns, fields);
  const zone = bind(scope.zone, 'text');
  const plan = planOutputs(query, table, groupColumns, fields, time, scope, zone);
  const conditions = query.filters.map((filter) =>
    filterCondition(filter, columnOf(table, filter.field, 'filters'), scope),
  );
  if (time !== null) conditions.unshift(withinPeriod(time, scope, zone));
  const select = sql`select ${keyword(query.distinct ? 'distinct ' : '')}${join(
    plan.outputs.map((output, index) => sql`${output.expression} as ${scope.dialect.identifier(`c${index + 1}`)}`),
    ', ',
  )} from ${scope.dialect.table(table.schema, table.name)}`;
  const clauses = [
    select,
    ...(conditions.length > 0 ? [sql`where ${join(conditions, ' and ')}`] : []),
    ...groupClause(plan, time, scope.dialect),
    ...orderClause(plan, time, scope.dialect),
    ...boundClause('limit', query.limit, 1),
    ...boundClause('offset', query.offset === 0 ? null : query.offset, 0),
  ];
  const names = plan.outputs.map((output) => output.name);
  return toStatement(join(clauses, ' '), scope.dialect, names);
}

function timeColumnOf(table: CatalogueTable, groups: readonly CatalogueColumn[], fields: readonly QueryField[]) {
  const selected = fields
    .filter((field) => field.aggregation === null && field.field !== '*')
    .map((field) => columnOf(table, field.field, 'fields'));
  return [...groups, ...selected, ...table.columns].find(isTimeColumn) ?? null;
}

type TimeColumn = NonNullable<ReturnType<typeof timeColumnOf>>;

function planOutputs(
  query: BuilderQuery,
  table: CatalogueTable,
  groupColumns: readonly CatalogueColumn[],
  fields: readonly QueryField[],
  time: TimeColumn | null,
  { dialect, period }: QueryScope,
  zone: Bound,
): Plan {
  const interval = query.interval === null ? null : intervalOf(query.interval, period, time);
  const plain = (column: CatalogueColumn, name: string): Output => ({
    name,
    column,
    aggregated: false,
    expression:
      interval !== null && column === time
        ? dialect.bucket(dialect.identifier(column.name), time.type, interval, zone)
        : dialect.identifier(column.name),
  });
  const outputs = fields.flatMap((field): Output[] => {
    if (field.aggregation === null) {
      if (field.field === '*') return table.columns.map((column) => plain(column, column.name));
      return [plain(columnOf(table, field.field, 'fields'), field.alias || field.field)];
    }
    const rows = field.field === '' || field.field === '*';
    const column = rows ? null : columnOf(table, field.field, 'fields');
    const argument = column === null ? null : dialect.identifier(column.name);
    const name = field.alias || (rows ? field.aggregation.func.trim().toLowerCase() : field.field);
    return [{ name, column, aggregated: true, expression: aggregation(dialect, field.aggregation, argument) }];
  });
  if (fields.length === 0) outputs.push(...table.columns.map((column) => plain(column, column.name)));
  const isSelected = outputs.some((output) => output.column === time && !output.aggregated);
  if (interval !== null && time !== null && !isSelected) outputs.unshift(plain(time, time.name));
  if (outputs.length === 0) throw refuse('the query selects nothing');
  const isGrouped = groupColumns.length > 0 || interval !== null || outputs.some((output) => output.aggregated);
  return { query, table, outputs, groupColumns, isGrouped, bucketed: interval !== null };
}

/** A date has no hours: a narrower bucket than a day is a day. */
function intervalOf(text: string, period: Period, time: TimeColumn | null): Interval {
  if (time === null) throw refuse('interval: the dataset has no field that is a time');
  const interval = intervalFor(period, text);
  return time.type === 'date' && ['s', 'm', 'h'].includes(interval.unit) ? parseInterval('1d') : interval;
}

function withinPeriod(time: TimeColumn, { dialect, period }: QueryScope, zone: Bound): Fragment {
  const [from, to] = [bind(period.from, 'instant'), bind(period.to, 'instant')];
  return dialect.within(dialect.identifier(time.name), time.type, from, to, zone);
}

const position = (index: number): Fragment => keyword(String(index + 1));

function groupClause(plan: Plan, time: TimeColumn | null, dialect: Dialect): Fragment[] {
  if (!plan.isGrouped) return [];
  const selected = plan.outputs.flatMap((output, index) => (output.aggregated ? [] : [position(index)]));
  const hidden = plan.groupColumns.filter(
    (column) =>
      !(plan.bucketed && column === time) &&
      !plan.outputs.some((output) => output.column === column && !output.aggregated),
  );
  const terms = [...selected, ...hidden.map((column) => dialect.identifier(column.name))];
  return terms.length === 0 ? [] : [sql`group by ${join(terms, ', ')}`];
}

/** Terms name an output by its alias or field; without groups and `distinct`, any column of the dataset. */
function orderClause(plan: Plan, time: TimeColumn | null, dialect: Dialect): Fragment[] {
  const terms = plan.query.orderBy.map((order) => {
    const direction = keyword(order.direction === 'desc' ? ' desc' : ' asc');
    let index = plan.outputs.findIndex((output) => output.name === order.field);
    if (index < 0) index = plan.outputs.findIndex((output) => output.column?.name === order.field);
    if (index >= 0) return sql`${position(index)}${direction}`;
    const column = columnOf(plan.table, order.field, 'order_by');
    const isGroup = plan.groupColumns.includes(column);
    if (plan.query.distinct || (plan.isGrouped && !isGroup)) {
      throw refuse(`order_by: ${JSON.stringify(column.name)} is neither selected nor grouped by`);
    }
    return sql`${dialect.identifier(column.name)}${direction}`;
  });
  if (terms.length === 0 && plan.bucketed) {
    const bucket = plan.outputs.findIndex((output) => !output.aggregated && output.column === time);
    terms.push(position(bucket));
  }
  return terms.length === 0 ? [] : [sql`order by ${join(terms, ', ')}`];
}

function boundClause(word: 'limit' | 'offset', value: number | null, least: number): Fragment[] {
  if (value === null) return [];
  if (!Number.isSafeInteger(value) || value < least) throw refuse(`${word}: a whole number from ${least} expected`);
  return [sql`${keyword(word)} ${bind(value, 'integer')}`];
}
