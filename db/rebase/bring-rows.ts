import { type Actor, type Trx, QUERY } from '../handle.ts'
import { aliasesOf } from '../fleet/id-alias.ts'
import { run } from '../engines/sql-text.ts'
import { insertLocal } from '../local.ts'
import { counterSum } from '../row-sums.ts'
import { insertMany, type NewRow, patch } from '../rows.ts'
import type { Database } from '../database.ts'
import { MINTED_LOCAL_TABLES, SYNCED_TABLES, type SyncedTable, type MintedLocalTable } from '../schema/schema.ts'
import { familiesOf, type FamilyRows } from './families.ts'
import type { OldRow, OldShop } from './old-shop.ts'
import { BROUGHT_OWN_TABLES, type IdOf, type Mapped, rebasedOwnRow, rebasedRow } from './rebased.ts'

/**
 * Brings the rows of a shop into the database of the terminal that it becomes, which has heard all that head office has for it: under
 * their new ids, as writes of its own, so that head office hears each of them.
 */

/** Entries of one transaction, unless one family has more: within what goes up at once. */
const MOST_ENTRIES = 1_000
/** Bytes of their rows as JSON, likewise: far below what one body takes, since the journal's words are longer than the rows. */
const MOST_BYTES = 2_000_000

export type Bringing = {
  by: Actor
  node: number
  mapped: Mapped
  idOf: IdOf
  /** What of a row is another than its ids: whose a person is, how a place is called. */
  changed: (table: SyncedTable, row: OldRow) => OldRow
  /** What becomes of a row of a table of this machine alone; null where it stays behind. */
  own: (table: (typeof BROUGHT_OWN_TABLES)[number], row: OldRow, old: OldRow) => OldRow | null
  signal: AbortSignal
  /** Hears of each transaction how many rows there are by now. */
  progress: (rows: number) => void
}

/** Brings all rows that are not mapped; returns how many. */
export async function bringRows(database: Database, shop: OldShop, bringing: Bringing): Promise<number> {
  const { mapped, signal, progress, by } = bringing
  let brought = 0
  let [batch, bytes]: [FamilyRows[number][], number] = [[], 0]
  const flush = async () => {
    signal.throwIfAborted()
    const rows = batch
    ;[batch, bytes] = [[], 0]
    if (rows.length === 0) return
    await database.write(by, (trx) => insertRows(trx, rows, bringing))
    brought += rows.length
    progress(brought)
  }
  for (const family of familiesOf(shop)) {
    const own = family.filter(({ table, row }) => !mapped.get(table)?.has(Number(row['id'])))
    const size = own.reduce((sum, { row }) => sum + Buffer.byteLength(JSON.stringify(row)), 0)
    if (batch.length + own.length > MOST_ENTRIES || bytes + size > MOST_BYTES) await flush()
    batch.push(...own)
    bytes += size
  }
  await flush()
  await takeIntoUse(database, shop, bringing)
  return brought
}

/** What a new shop begins with, and what nobody sees before it is in use. */
const STARTERS = ['brand', 'device_type', 'model'] as const

/** What the shop had taken into use of what both began with is in use at head office from now on too. */
async function takeIntoUse(database: Database, shop: OldShop, { by, mapped }: Bringing): Promise<void> {
  await database.write(by, async (trx) => {
    for (const table of STARTERS) {
      const used = shop.rows(table).filter((row) => row['starter'] === null && row['deleted_at'] === null)
      const there = new Set(used.flatMap(({ id }) => mapped.get(table)?.get(Number(id)) ?? []))
      const unused = await trx.selectFrom(table).select('id').where('starter', '=', 1).execute()
      for (const { id } of unused) if (there.has(id)) await patch(trx, table, id, { starter: null })
    }
  })
}

async function insertRows(trx: Trx, rows: FamilyRows, { idOf, changed }: Bringing): Promise<void> {
  const byTable = Map.groupBy(rows, ({ table }) => table)
  for (const table of SYNCED_TABLES) {
    const those = byTable.get(table) ?? []
    if (those.length === 0) continue
    const renamed = those.map(({ row }) => outOfSight(table, changed(table, rebasedRow(table, row, idOf))))
    const ids = renamed.map(({ id }) => Number(id))
    const fields = renamed.map(({ id: _, store_id: _store, updated_at: _updated, ...row }) => row)
    await insertMany(trx, table, fields as unknown as NewRow<SyncedTable>[], ids) // As the same program wrote them.
  }
}

/**
 * Tables that head office decides about for all stores. Their rows come out of sight, so that whatever refers to them finds them there
 * at once; that they come into sight is proposed, and head office takes or leaves it. What is asked beside its own questions is not.
 */
const PROPOSED = ['category', 'trade_in_price', 'trade_in_deduction', 'checklist', 'checklist_item'] as const

/** A row as it comes, where head office decides whether it is seen. */
const outOfSight = (table: SyncedTable, row: OldRow): OldRow =>
  PROPOSED.some((one) => one === table) && row['deleted_at'] === null ? { ...row, deleted_at: row['updated_at']! } : row

/** Brings those rows into sight here, each table in transactions of its own: head office puts them aside until somebody decides. */
export async function proposeRows(database: Database, shop: OldShop, { mapped, idOf, by }: Bringing): Promise<void> {
  const isAsked = ({ checklist_id }: OldRow) =>
    checklist_id === undefined || !mapped.get('checklist')?.has(Number(checklist_id))
  for (const table of PROPOSED) {
    const rows = shop.rows(table).filter((row) => row['deleted_at'] === null && isAsked(row))
    const ids = rows.filter(({ id }) => !mapped.get(table)?.has(Number(id))).map(({ id }) => idOf(table, Number(id)))
    for (let start = 0; start < ids.length; start += MOST_ENTRIES)
      await database.write(by, async (trx) => {
        for (const id of ids.slice(start, start + MOST_ENTRIES)) await bringIntoSight(trx, table, id)
      })
  }
}

const bringIntoSight = (trx: Trx, table: SyncedTable, id: number) =>
  patch(trx, table, id, { deleted_at: null } as never) // A column that no request sets.

/** The tables of this machine alone, the counters that ids come from, and how ids of before are called. */
export async function bringOwn(
  database: Database,
  shop: OldShop,
  { by, node, mapped, idOf, own }: Bringing,
  also: (trx: Trx) => Promise<void>,
): Promise<void> {
  await database.write(by, async (trx) => {
    for (const table of BROUGHT_OWN_TABLES)
      for (const old of shop.rows(table)) {
        const row = own(table, rebasedOwnRow(table, old, idOf), old)
        if (row) await insertLocal(trx, table, row as never) // As the same program wrote it.
      }
    for (const table of [...SYNCED_TABLES, ...MINTED_LOCAL_TABLES]) {
      const last = shop.counted(table)
      await raiseCounter(trx, table, last)
      const of = { node, last, mapped: mapped.get(table as SyncedTable) ?? NOTHING }
      for (const alias of aliasesOf(table, of)) await insertLocal(trx, 'id_alias', alias)
    }
    await also(trx)
  })
}

const NOTHING: ReadonlyMap<number, number> = new Map()

/** No id that the shop had given out is given out again. */
async function raiseCounter(trx: Trx, name: SyncedTable | MintedLocalTable, n: number): Promise<void> {
  if (n === 0) return
  const text = `insert into counter (name, n, sum) values (?, ?, ?)
    on conflict (name) do update set n = excluded.n, sum = excluded.sum where counter.n < excluded.n`
  await run(trx[QUERY], trx.engine, text, [name, n, counterSum({ name, n, label: null })])
}

/** The number series of the shop go on where the terminal's own have the same name. */
export async function goOnCounting(trx: Trx, shop: OldShop, label: string): Promise<void> {
  for (const series of shop.rows('counter').filter((row) => row['label'] === label)) {
    const counter = { name: String(series['name']), n: Number(series['n']), label }
    const text = 'insert into counter (name, n, label, sum) values (?, ?, ?, ?)'
    await run(trx[QUERY], trx.engine, text, [counter.name, counter.n, label, counterSum(counter)])
  }
}
