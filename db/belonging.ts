import { run } from './engines/sql-text.ts'
import { QUERY, type Trx } from './handle.ts'
import { BELONGS_TO } from './schema/belongs-to.ts'
import { SYNCED_TABLES, type SyncedTable } from './schema/schema.ts'

/** In whose store new rows are. */

/** Rows that go into one store, by where they stand among all. */
type Placed = { store_id: number; indices: readonly number[] }

/**
 * The stores of new rows that head office writes about rows of others; null where all of them are of the store of the transaction:
 * at every other machine, and where whoever writes has named a store (`inStore`).
 */
export async function placesOfNew(
  trx: Trx,
  table: SyncedTable,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<Placed[] | null> {
  const { node, isPlaced } = trx.act
  if (node.role !== 'head-office' || isPlaced) return null
  const about = rows.map((row) => belongsTo(table, row))
  const stores = new Map<string, number>()
  const named = Map.groupBy(about.filter((one) => one !== null), ({ table: owner }) => owner) // oxfmt-ignore
  for (const [owner, some] of named) {
    const ids = [...new Set(some.map(({ id }) => id))]
    for (const { id, store_id } of await storesIn(trx, owner, ids)) stores.set(`${owner} ${id}`, store_id)
  }
  const storeOf = (index: number) => {
    const one = about[index]
    return (one && stores.get(`${one.table} ${one.id}`)) ?? node.store_id
  }
  const placed = Map.groupBy(rows.keys(), storeOf)
  if (placed.size === 1 && placed.has(node.store_id)) return null
  return Array.from(placed, ([store_id, indices]) => ({ store_id, indices }))
}

/** The row that a new one belongs to; null for one that belongs to none. */
function belongsTo(
  table: SyncedTable,
  row: Readonly<Record<string, unknown>>,
): { table: SyncedTable; id: number } | null {
  // What somebody says of a task is about a row that it names.
  if (table === 'task_note') {
    const named = SYNCED_TABLES.find((one) => one === row['about_entity'])
    return named ? { table: named, id: Number(row['about_id']) } : null
  }
  for (const [column, owner] of BELONGS_TO[table] ?? []) {
    const id = row[column]
    if (typeof id === 'number') return { table: owner, id }
  }
  return null
}

const storesIn = (trx: Trx, table: SyncedTable, ids: readonly number[]) =>
  run<{ id: number; store_id: number }>(
    trx[QUERY],
    trx.engine,
    `select id, store_id from "${table}" where id in (${ids.map(() => '?').join(', ')})`,
    [...ids],
  )
