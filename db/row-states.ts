import type { RowClocks } from '../server/domain/time/write-order.ts'
import { readClocks } from './clocks.ts'
import { readConflicts } from './fleet/conflicts.ts'
import { run } from './engines/sql-text.ts'
import { type Db, QUERY } from './handle.ts'
import { MIGRATIONS } from './migrations/migrate.ts'
import type { Conflict } from './schema/conflict.ts'
import { SYNCED_TABLES, type SyncedTable } from './schema/schema.ts'

/** Reads rows of synced tables as sync sees them. */

type Values = Record<string, string | number | null>

/** A row that is here, hidden or not, with every column but `id`; null where it is not. */
export async function readRowState(
  db: Db,
  entity: SyncedTable,
  row_id: number,
): Promise<{ values: Values; clocks: RowClocks; conflicts: Conflict[] } | null> {
  const text = `select * from "${entity}" where id = ?`
  const [row] = await run<Values>(db[QUERY], db.engine, text, [row_id])
  if (!row) return null
  const { id: _, ...values } = row
  const [clocks, conflicts] = [await readClocks(db, entity, row_id), await readConflicts(db, entity, row_id)]
  return { values, clocks, conflicts }
}

/** The ids of all rows of a table, hidden ones too, in their order. */
export async function idsOf(db: Db, entity: SyncedTable): Promise<number[]> {
  return (await run<{ id: number }>(db[QUERY], db.engine, `select id from "${entity}" order by id`, [])).map(
    ({ id }) => id,
  )
}

/** The columns of each synced table, as the database has them. */
export async function readColumns(
  db: Db,
): Promise<Map<SyncedTable, Map<string, { type: 'int' | 'text'; nullable: boolean }>>> {
  const tables = await db[QUERY].introspection.getTables()
  const typeOf = (dataType: string) => (dataType.toLowerCase() === 'text' ? ('text' as const) : ('int' as const))
  return new Map(
    SYNCED_TABLES.map((name) => {
      const { columns } = tables.find((table) => table.name === name)!
      const read = columns.map((column) => {
        const says = { type: typeOf(column.dataType), nullable: column.isNullable }
        return [column.name, says] as const
      })
      return [name, new Map(read)]
    }),
  )
}

/** How many migrations this program knows: the schema that its ops are written by. */
export const MIGRATION_COUNT = MIGRATIONS.length
