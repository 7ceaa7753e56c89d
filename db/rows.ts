import { placesOfNew } from './belonging.ts'
import { execute, executeNoResult } from './engines/direct.ts'
import { counterFloor, mintId, nodeOf } from '../server/domain/ids.ts'
import { RowOfAnotherNode } from './errors.ts'
import { inStore, QUERY, type Trx } from './handle.ts'
import { isMine } from './ownership.ts'
import { counterStep, counterSum } from './row-sums.ts'
import type { CounterTable } from './schema/local-tables.ts'
import type { MintedLocalTable, Schema, SyncedTable } from './schema/schema.ts'
import { isFact, SYNC_RULES, wholeRegisters } from './schema/sync-rules.ts'
import { chunksOf, insertSql, parametersOf, run, updateSql } from './engines/sql-text.ts'

/**
 * The one module that writes rows of synced tables. Each write notes what it did for the journal, which the same
 * transaction appends before it commits.
 */

type Automatic = 'id' | 'store_id' | 'created_at' | 'updated_at' | 'deleted_at'
type Writable<T> = { [K in keyof T]: Exclude<T[K], null | undefined> extends 0 | 1 ? T[K] | boolean : T[K] }
type Nullish<T> = { [K in keyof T]: null extends T[K] ? K : never }[keyof T]

/** What a new row needs; what may be null may be left out. `created_at` may be given (an import knows when it was). */
export type NewRow<T extends SyncedTable> = Writable<
  Omit<Schema[T], Automatic | Nullish<Schema[T]>> & Partial<Pick<Schema[T], Exclude<Nullish<Schema[T]>, Automatic>>>
> & { created_at?: number }

/**
 * The fields that change. `undefined` leaves a field as it is. The journal also says the other columns of their registers
 * (`db/schema/sync-rules.ts`), as they are.
 */
export type Changes<T extends SyncedTable> = Partial<Writable<Omit<Schema[T], Automatic>>>

/** Adds a row and returns its id. */
export async function insert<T extends SyncedTable>(trx: Trx, table: T, row: NewRow<T>): Promise<number> {
  const [id] = await insertMany(trx, table, [row])
  return id!
}

/**
 * Adds rows of the same shape and returns their ids, ascending: those given, of `mintIds`, or new ones. They are of this machine's
 * store, or of that of what they belong to (`db/belonging.ts`).
 */
export async function insertMany<T extends SyncedTable>(
  trx: Trx,
  table: T,
  rows: readonly NewRow<T>[],
  given?: readonly number[],
): Promise<readonly number[]> {
  if (rows.length === 0) return []
  const ids = given ?? (await mintIds(trx, table, rows.length))
  const places = await placesOfNew(trx, table, rows)
  if (!places) await insertHere(trx, table, rows, ids)
  for (const { store_id, indices } of places ?? []) {
    const there = indices.map((index) => ({ row: rows[index]!, id: ids[index]! }))
    const [some, theirs] = [there.map(({ row }) => row), there.map(({ id }) => id)]
    await insertHere(inStore(trx, store_id), table, some, theirs)
  }
  return ids
}

/** Adds rows to the store of the transaction. */
async function insertHere<T extends SyncedTable>(
  trx: Trx,
  table: T,
  rows: readonly NewRow<T>[],
  ids: readonly number[],
): Promise<void> {
  const shared = { store_id: trx.act.node.store_id, updated_at: trx.act.now }
  const columns = ['id', 'created_at', ...columnsOf(rows).filter((column) => column !== 'created_at')]
  let at = 0
  // Run by run: in a thread of its own SQLite is at work on the first while the next is made.
  for (const batch of chunksOf(rows)) {
    const full = batch.map((row) => withAutomaticColumns(trx, ids[at++]!, row))
    const values: unknown[] = []
    for (const row of full) for (const column of columns) values.push(row[column] ?? null)
    const text = insertSql(trx.engine, table, columns, batch.length, Object.keys(shared))
    await executeNoResult(trx[QUERY], text, parametersOf(trx.engine, values, shared))
    for (const row of full) recordInsert(trx, table, row)
  }
}

/**
 * Changes fields of a row, and says whether anything was different. A row of facts is never changed.
 * @throws RowOfAnotherNode for money that another machine took
 */
export async function patch<T extends SyncedTable>(
  trx: Trx,
  table: T,
  id: number,
  changes: Changes<T>,
): Promise<boolean> {
  if (isFact(table)) throw new Error(`A row of ${table} is a fact and never changes`)
  return await change(trx, table, id, 'patch', columnsIn(changes))
}

/**
 * Changes even a row of facts, or another machine's money: for what the law wants forgotten, and a day that was reckoned by a
 * wrong clock; nothing else.
 */
export async function patchUnchecked<T extends SyncedTable>(
  trx: Trx,
  table: T,
  id: number,
  changes: Changes<T>,
): Promise<boolean> {
  return await change(trx, table, id, 'patch', columnsIn(changes), { unchecked: true })
}

const columnsIn = (changes: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(changes).flatMap(([field, value]) => (value === undefined ? [] : [[field, toColumnValue(value)]])),
  )

/**
 * States a row anew, whole as it is now: the journal's earlier words about it are erased, or nobody else could follow them. It was
 * updated now, as whoever hears of it has it.
 */
export async function rejournal(trx: Trx, table: SyncedTable, id: number): Promise<void> {
  const text = `select * from "${table}" where "id" = ${trx.engine === 'sqlite' ? '?' : '$1'}`
  const [row] = await execute<Record<string, unknown>>(trx[QUERY], text, [id])
  if (!row) return
  await executeNoResult(trx[QUERY], updateSql(trx.engine, table, ['updated_at']), [trx.act.now, id])
  recordInsert(trx, table, row, 'put')
  trx.act.ops.at(-1)!.restates = true
}

/**
 * Says columns of a row once more as they are, over what another node has `said` of them, which is not to count: it then has them
 * as they are here, and nobody lost. Registers are said whole. The row was updated now. Says nothing where both are the same.
 */
export async function restate(
  trx: Trx,
  table: SyncedTable,
  id: number,
  said: Readonly<Record<string, unknown>>,
): Promise<void> {
  const named = wholeRegisters(table, Object.keys(said))
  const all = await readFields(trx, table, id, [...new Set([...named, 'deleted_at'])])
  // As in `change`: it does not bring back a row that is deleted.
  const columns = all['deleted_at'] === null ? named : [...new Set([...named, 'deleted_at'])]
  const here = Object.fromEntries(columns.map((name) => [name, all[name]]))
  const before = Object.fromEntries(columns.map((name) => [name, name in said ? (said[name] ?? null) : here[name]]))
  if (columns.every((name) => before[name] === here[name])) return
  const [text, after] = [JSON.stringify(before), JSON.stringify(here)]
  // Whoever hears it has the row as of now.
  await executeNoResult(trx[QUERY], updateSql(trx.engine, table, ['updated_at']), [trx.act.now, id])
  trx.act.ops.push({ entity: table, row_id: id, kind: 'patch', before: text, after })
  markTouched(trx, table, id)
}

/**
 * Takes a row out of sight; it stays in the table, marked, and in the journal.
 * @throws RowOfAnotherNode for money that another machine took
 */
export async function remove(trx: Trx, table: SyncedTable, id: number): Promise<boolean> {
  if (isFact(table)) throw new Error(`A row of ${table} is a fact and is never removed`)
  return await change(trx, table, id, 'del', { deleted_at: trx.act.now })
}

async function change(
  trx: Trx,
  table: SyncedTable,
  id: number,
  kind: 'patch' | 'del',
  wanted: Record<string, unknown>,
  { unchecked = false } = {},
) {
  if (Object.keys(wanted).length === 0) return false
  const before = await readFields(trx, table, id, [...wholeRegisters(table, Object.keys(wanted)), 'deleted_at'])
  const changed = Object.keys(wanted).filter((field) => before[field] !== wanted[field])
  if (changed.length === 0) return false
  if (!unchecked) await refuseOthers(trx, table, id)
  const columns = [...changed, 'updated_at']
  const parameters = [...changed.map((field) => wanted[field]), trx.act.now, id]
  await executeNoResult(trx[QUERY], updateSql(trx.engine, table, columns), parameters)
  // Who changes a row that is deleted and says so knows it: elsewhere the change does not bring the row back.
  const said = wholeRegisters(table, before['deleted_at'] === null ? changed : [...changed, 'deleted_at'])
  const pick = (from: Record<string, unknown>) =>
    JSON.stringify(Object.fromEntries(said.map((f) => [f, from[f] ?? null])))
  trx.act.ops.push({
    entity: table,
    row_id: id,
    kind,
    before: pick(before),
    after: kind === 'del' ? null : pick({ ...before, ...wanted }),
  })
  markTouched(trx, table, id)
  return true
}

/**
 * Rows of money are changed by their owner alone: two tills that correct one payment end with a sum that nobody stated.
 * @throws RowOfAnotherNode
 */
export async function refuseOthers(trx: Trx, table: SyncedTable, id: number) {
  if (SYNC_RULES[table].class !== 'money' || (await isMine(trx, id))) return
  const node = await trx
    .selectFrom('node')
    .innerJoin('store', 'store.id', 'node.store_id')
    .select(['store.code', 'node.terminal'])
    .where('node.id', '=', nodeOf(id))
    .executeTakeFirst()
  throw new RowOfAnotherNode(table, id, node ? `${node.code}-${node.terminal}` : `node ${nodeOf(id)}`)
}

async function readFields(
  trx: Trx,
  table: SyncedTable,
  id: number,
  fields: string[],
): Promise<Record<string, unknown>> {
  const columns = fields.map((field) => `"${field}"`).join(', ')
  const text = `select ${columns} from "${table}" where "id" = ${trx.engine === 'sqlite' ? '?' : '$1'}`
  const rows = await execute<Record<string, unknown>>(trx[QUERY], text, [id])
  if (!rows[0]) throw new Error(`No ${table} has id ${id}`)
  return rows[0]
}

/** The next `count` ids of a table, ascending. An id that no row comes to bear is never minted again. */
export async function mintIds(trx: Trx, table: SyncedTable | MintedLocalTable, count: number): Promise<number[]> {
  const { id: node, epoch } = trx.act.node
  const text = `insert into counter (name, n, sum) values (?, ?, ?)
    on conflict (name) do update set n = counter.n + ?, sum = counter.sum + ? returning n, sum`
  const counter = { name: table, n: counterFloor(epoch) + count, label: null }
  const moved = [count, counterStep(count)]
  const rows = await run<{ n: number; sum: number | null }>(trx[QUERY], trx.engine, text, [
    table,
    counter.n,
    counterSum(counter),
    ...moved,
  ])
  const { n, sum } = rows[0]!
  if (sum === null) await sumCounter(trx, { name: table, n, label: null })
  const first = mintId(node, n - count + 1)
  return Array.from({ length: count }, (_, index) => first + index)
}

/** Gives a counter of before there were sums its own. For `db/` alone. */
export async function sumCounter({ engine, [QUERY]: query }: Trx, counter: Omit<CounterTable, 'sum'>): Promise<void> {
  await run(query, engine, 'update counter set sum = ? where name = ?', [counterSum(counter), counter.name])
}

function columnsOf(rows: readonly object[]): string[] {
  const columns = new Set<string>()
  for (const row of rows) for (const column in row) columns.add(column)
  return [...columns]
}

function withAutomaticColumns(trx: Trx, id: number, row: object): Record<string, unknown> {
  const { now, node } = trx.act
  const full: Record<string, unknown> = { id, store_id: node.store_id }
  for (const field in row) {
    const value = (row as Record<string, unknown>)[field]
    if (value !== undefined) full[field] = toColumnValue(value)
  }
  full['created_at'] ??= now
  full['updated_at'] = now
  return full
}

function recordInsert(
  trx: Trx,
  table: SyncedTable,
  row: Record<string, unknown>,
  kind: 'put' | 'event' = isFact(table) ? 'event' : 'put',
) {
  const after: Record<string, unknown> = {}
  for (const field in row) {
    if (field === 'id' || field === 'updated_at' || row[field] === null) continue
    if (field === 'created_at' && row[field] === (trx.act.written ?? trx.act.now)) continue
    after[field] = row[field]
  }
  trx.act.ops.push({ entity: table, row_id: row['id'] as number, kind, before: null, after: JSON.stringify(after) })
  markTouched(trx, table, row['id'] as number, row)
}

/** Notes that the words and sums of a row have to follow it; `row` is what of it was written. For `db/` alone. */
export function markTouched(trx: Trx, table: SyncedTable, id: number, row: Readonly<Record<string, unknown>> = {}) {
  const ids = trx.act.touched.get(table)
  if (ids) ids.add(id)
  else trx.act.touched.set(table, new Set([id]))
  // What is owed on a repair follows from its money.
  if (table === 'payment_entry' && row['order_id']) markTouched(trx, 'repair_order', row['order_id'] as number)
}

const toColumnValue = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value)
