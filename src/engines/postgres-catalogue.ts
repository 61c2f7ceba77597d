import { BroadsheetError } from '../errors.ts';
import type { Catalogue, CatalogueTable, ReadBounds, Statement } from '../query/statement.ts';
import type { Rows } from '../rows/rows.ts';
import { columnTypeOf } from './postgres-values.ts';

/**
 * What the login may read: tables, views, materialised views and foreign tables of all schemas but the system's own, of
 * which only the statistics views (`pg_stat…`) count. Partitions are left out, their parent stands for them; so are
 * columns without SELECT. A domain counts as its base type.
 */
export const CATALOGUE_STATEMENT: Statement = {
  text: `
    select n.nspname, c.relname, a.attname,
           (case when t.typtype = 'd' then t.typbasetype else t.oid end)::int8
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_catalog.pg_type t on t.oid = a.atttypid
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
      and n.nspname not in ('information_schema', 'pg_toast')
      and (n.nspname <> 'pg_catalog' or c.relname like 'pg\\_stat%')
      and pg_catalog.has_schema_privilege(n.oid, 'usage')
      and (pg_catalog.has_table_privilege(c.oid, 'select') or pg_catalog.has_column_privilege(c.oid, a.attnum, 'select'))
    order by n.nspname, c.relname, a.attnum`,
  parameters: [],
};

export const CATALOGUE_BOUNDS: ReadBounds = { timeoutMs: 20_000, maxRows: 200_000, maxBytes: 32 * 1024 * 1024 };

/** @throws BroadsheetError `unprocessable` when the source has more columns than we are willing to hold. */
export function catalogueOf(rows: Rows): Catalogue {
  if (rows.truncation !== null) {
    const limit = CATALOGUE_BOUNDS.maxRows;
    throw new BroadsheetError(
      'unprocessable',
      `the source shows its login more than ${limit} columns; give it fewer rights`,
    );
  }
  const tables = new Map<
    string,
    CatalogueTable & { columns: { name: string; type: ReturnType<typeof columnTypeOf> }[] }
  >();
  for (const [schema, name, column, oid] of rows.values) {
    const key = JSON.stringify([schema, name]);
    let table = tables.get(key);
    if (table === undefined) {
      table = { schema: String(schema), name: String(name), columns: [] };
      tables.set(key, table);
    }
    table.columns.push({ name: String(column), type: columnTypeOf(Number(oid)) });
  }
  return { tables: [...tables.values()] };
}
