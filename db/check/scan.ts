import type { EngineName } from '../handle.ts'

/**
 * Reads many rows as bare lists of values, which costs half of what objects do. On SQLite it has a connection of its own:
 * what a check reads must not push out what the server has at hand.
 */
export type Scan = {
  engine: EngineName
  /** The rows of a statement that is written with `?`. Nothing stays open between two calls: no read holds the log. */
  rows(text: string, parameters: readonly unknown[]): unknown[][] | Promise<unknown[][]>
  close(): void
}

/** The columns of each of `tables` in the order they were made. */
export async function columnsOf({ engine, rows }: Scan, tables: readonly string[]): Promise<Map<string, string[]>> {
  const marks = tables.map(() => '?').join()
  const found = await rows(
    engine === 'sqlite'
      ? `select m.name, c.name from sqlite_schema m, pragma_table_info(m.name) c where m.name in (${marks}) order by m.name, c.cid`
      : `select table_name, column_name from information_schema.columns where table_schema = current_schema() and table_name in (${marks}) order by table_name, ordinal_position`,
    tables,
  )
  const columns = Map.groupBy(found, ([table]) => String(table))
  return new Map([...columns].map(([table, named]) => [table, named.map(([, column]) => String(column))]))
}
