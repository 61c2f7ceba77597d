import { BroadsheetError } from '../errors.ts';
import type { ColumnType } from '../rows/rows.ts';
import type { TimeType } from './dialect.ts';
import type { Catalogue, CatalogueTable } from './statement.ts';

export interface CatalogueColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A refusal of the builder: the definition asks for what the source does not have or the builder does not know. */
export const refuse = (message: string): BroadsheetError => new BroadsheetError('unprocessable', message);

/** User text inside a refusal: short and quoted. */
export const shown = (text: unknown): string => JSON.stringify(String(text).slice(0, 64));

/**
 * The table that a dataset names: `table` or `schema.table`, spelt exactly as in the catalogue. (A name may itself
 * hold dots.) A bare name that several schemas have must be qualified.
 * @throws BroadsheetError `unprocessable`
 */
export function tableOf(catalogue: Catalogue, dataset: string): CatalogueTable {
  const qualified = catalogue.tables.filter((table) => `${table.schema}.${table.name}` === dataset);
  const found = qualified.length > 0 ? qualified : catalogue.tables.filter((table) => table.name === dataset);
  const [table, second] = found;
  if (table === undefined) throw refuse(`the source has no dataset ${shown(dataset)}`);
  if (second !== undefined) {
    throw refuse(`the source has several datasets ${shown(dataset)}: name one with its schema, as schema.table`);
  }
  return table;
}

/** @throws BroadsheetError `unprocessable` when the table has no such column; `place` says where it was named. */
export function columnOf(table: CatalogueTable, name: string, place: string): CatalogueColumn {
  const column = table.columns.find((entry) => entry.name === name);
  if (column === undefined) throw refuse(`${place}: the dataset ${shown(table.name)} has no field ${shown(name)}`);
  return column;
}

export const isTimeColumn = (column: CatalogueColumn): column is CatalogueColumn & { type: TimeType } =>
  column.type === 'time' || column.type === 'date';
