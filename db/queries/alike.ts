import { run } from '../engines/sql-text.ts'
import { NODE_SPAN } from '../../server/domain/ids.ts'
import { type Db, QUERY } from '../handle.ts'
import { seenSql } from '../reach.ts'
import type { SyncedTable } from '../schema/schema.ts'
import { idListParameter, padded } from './id-list.ts'

/** Finds whole rows of any synced table, hidden or not: by their ids, or by columns that an index has. */

type Values = Record<string, string | number | null>
export type FoundRow = { id: number; values: Values }

/** The rows with these ids that are here. */
export async function rowsById(db: Db, table: SyncedTable, ids: readonly number[]): Promise<FoundRow[]> {
  if (ids.length === 0) return []
  const asked = padded(ids)
  const marks = asked.map(() => '?').join(', ')
  return await found(db, `select * from "${table}" where id in (${marks}) ${andSeen(db, table)} order by id`, asked)
}

/** The first `limit` rows, by id, in which all these columns are so. */
export async function rowsWith(
  db: Db,
  table: SyncedTable,
  columns: Readonly<Values>,
  limit: number,
): Promise<FoundRow[]> {
  const where = Object.keys(columns).map((column) => `"${column}" = ?`)
  const text = `select * from "${table}" where ${where.join(' and ')} ${andSeen(db, table)} order by id limit ?`
  return await found(db, text, [...Object.values(columns), limit])
}

/** A condition more for whoever does not see all rows. */
function andSeen(db: Db, table: SyncedTable, row?: string): string {
  const condition = seenSql(db, table, row)
  return condition === null ? '' : `and ${condition}`
}

/**
 * Those of these rows that another row has one of `keys` with, columns that are all alike, or that a mark in `duplicate_of` is in or
 * about. Keys whose columns are empty are none.
 */
export async function idsWithTwins(
  db: Db,
  table: SyncedTable,
  ids: readonly number[],
  keys: readonly (readonly string[])[],
): Promise<number[]> {
  const alike = keys.map((columns) => {
    const same = columns.map((column) => `twin."${column}" = one."${column}"`)
    return `exists (select 1 from "${table}" twin where ${same.join(' and ')} and twin.id <> one.id)`
  })
  const isMarked = `one.duplicate_of is not null or exists (select 1 from "${table}" twin where twin.duplicate_of = one.id)`
  const isAsked = db.engine === 'sqlite' ? 'in (select value from json_each(?))' : '= any(?::bigint[])'
  const text = `select one.id from "${table}" one where one.id ${isAsked} and (${[isMarked, ...alike].join(' or ')}) order by one.id`
  const rows = await run<{ id: number }>(db[QUERY], db.engine, text, [idListParameter(db, ids)])
  return rows.map(({ id }) => id)
}

export type MarkedPair<T extends SyncedTable> = { entity: T; id: number; original: number }

/** By which notes of people (`task_note`) a pair is settled: of these kinds, and by this node or of the store of both rows. */
type SettledBy = { kinds: readonly string[]; node: number }

/**
 * Rows of these tables that are marked as duplicates, with the row that each names, both there: `limit` of them behind the first
 * `offset` of those that no person has settled. A mark stays where a person says that it is right, so that they are left out here:
 * a page full of settled ones would show nothing.
 */
export async function markedPairs<T extends SyncedTable>(
  db: Db,
  tables: readonly T[],
  { kinds, node }: SettledBy,
  limit: number,
  offset: number,
): Promise<MarkedPair<T>[]> {
  const marked = tables.map(
    (table) => `select '${table}' as entity, later.id as id, original.id as original
      from "${table}" later join "${table}" original on original.id = later.duplicate_of
      where later.deleted_at is null and original.deleted_at is null
        and not ${isSettled(table, kinds, 'later', 'original')} and not ${isSettled(table, kinds, 'original', 'later')}
        ${andSeen(db, table, 'later')} ${andSeen(db, table, 'original')}`,
  )
  const text = `select * from (${marked.join(' union all ')}) marked order by entity, id limit ? offset ?`
  const minted = [node * NODE_SPAN, (node + 1) * NODE_SPAN - 1]
  const parameters = tables.flatMap(() => [...minted, ...minted])
  return await run(db[QUERY], db.engine, text, [...parameters, limit, offset])
}

/** Whether a note about the one row that names the other settles the pair; `?` is the span of the node's own ids. */
function isSettled(table: SyncedTable, kinds: readonly string[], about: string, other: string): string {
  const rows = [about, other]
  const isCustomer = (row: string) =>
    `coalesce(${row}.role, 'customer') = 'customer' and coalesce(${row}.is_staff, 0) <> 1`
  const isOfStore = rows.map((row) => `${row}.store_id = note.store_id`)
  // Of who works here a shop alone does not decide.
  const isOfShop = table === 'user' ? [...isOfStore, ...rows.map(isCustomer)] : isOfStore
  return `exists (select 1 from task_note note where note.about_entity = '${table}' and note.about_id = ${about}.id
    and note.facts_seen = cast(${other}.id as text) and note.kind in (${kinds.map((kind) => `'${kind}'`).join(', ')})
    and (note.id between ? and ? or (${isOfShop.join(' and ')})))`
}

async function found(db: Db, text: string, parameters: unknown[]): Promise<FoundRow[]> {
  const rows = await run<Values & { id: number }>(db[QUERY], db.engine, text, parameters)
  return rows.map(({ id, ...values }) => ({ id, values }))
}
