import { executeNoResult } from '../engines/direct.ts'
import { insertSql, run } from '../engines/sql-text.ts'
import { announce, type Db, QUERY, type Trx } from '../handle.ts'
import type { SyncedTable } from '../schema/schema.ts'

/**
 * Transactions of other nodes that are here and are not applied: held until a row comes, quarantined until a person has mended or
 * dropped them, or applied as far as this program knows them. Their ops are in the journal (head office) or in `heard`. One that a
 * person is done with stays quarantined for good, under the reason of `CLOSED`: nothing of it is ever in the rows.
 */

export type TransactionKey = { origin: number; epoch: number; tx: number }

/** A held transaction has a row here for each row that it waits for. */
export async function hold(
  trx: Trx,
  { origin, epoch, tx }: TransactionKey,
  waitsFor: readonly { entity: SyncedTable; row_id: number }[],
): Promise<void> {
  const columns = ['entity', 'row_id', 'origin', 'epoch', 'tx']
  const text = `${insertSql(trx.engine, 'held', columns, 1)} on conflict do nothing`
  for (const { entity, row_id } of waitsFor)
    await executeNoResult(trx[QUERY], text, [entity, row_id, origin, epoch, tx])
  announce(trx, 'quarantine')
}

/** The transactions of a node that wait for a row, in the order in which it wrote them. */
export async function heldFor(
  db: Db,
  origin: number,
  { entity, row_id }: { entity: SyncedTable; row_id: number },
): Promise<TransactionKey[]> {
  const text =
    'select origin, epoch, tx from held where entity = ? and row_id = ? and origin = ? order by origin, epoch, tx'
  return await run(db[QUERY], db.engine, text, [entity, row_id, origin])
}

/** The transactions that wait for a row, which are held no longer: whoever asks decides them anew. */
export async function release(trx: Trx, entity: SyncedTable, row_id: number): Promise<TransactionKey[]> {
  const waiting = 'select origin, epoch, tx from held where entity = ? and row_id = ? order by origin, epoch, tx'
  const keys = await run<TransactionKey>(trx[QUERY], trx.engine, waiting, [entity, row_id])
  const drop = 'delete from held where origin = ? and epoch = ? and tx = ?'
  for (const { origin, epoch, tx } of keys) await run(trx[QUERY], trx.engine, drop, [origin, epoch, tx])
  if (keys.length > 0) announce(trx, 'quarantine')
  return keys
}

export async function quarantine(
  trx: Trx,
  { origin, epoch, tx }: TransactionKey,
  { seq, reason }: { seq: number; reason: string },
): Promise<void> {
  const columns = ['origin', 'epoch', 'tx', 'seq', 'reason', 'since']
  const text = `${insertSql(trx.engine, 'quarantine', columns, 1)} on conflict do nothing`
  await executeNoResult(trx[QUERY], text, [origin, epoch, tx, seq, reason, trx.act.now])
  announce(trx, 'quarantine')
}

/** What a person has made of a transaction: its words were dropped, or said anew by head office. */
export type Closed = 'dropped' | 'taken'
const CLOSED: readonly Closed[] = ['dropped', 'taken']
const IS_OPEN = `reason not in (${CLOSED.map((reason) => `'${reason}'`).join(', ')})`

/** The transaction waits no longer and is never applied: `seq` is the op because of which it waited. */
export async function close(trx: Trx, key: TransactionKey, seq: number, reason: Closed): Promise<void> {
  await lift(trx, key)
  await quarantine(trx, key, { seq, reason })
}

/** Takes a transaction out of what is held or quarantined, to be decided anew. */
export async function lift(trx: Trx, { origin, epoch, tx }: TransactionKey): Promise<void> {
  for (const table of ['held', 'quarantine']) {
    const text = `delete from ${table} where origin = ? and epoch = ? and tx = ?`
    await run(trx[QUERY], trx.engine, text, [origin, epoch, tx])
  }
  announce(trx, 'quarantine')
}

/** Takes a transaction out of what is parked, to be read anew. */
export async function unpark(trx: Trx, { origin, epoch, tx }: TransactionKey): Promise<void> {
  await run(trx[QUERY], trx.engine, 'delete from parked where origin = ? and epoch = ? and tx = ?', [origin, epoch, tx])
  announce(trx, 'quarantine')
}

export async function park(trx: Trx, { origin, epoch, tx }: TransactionKey): Promise<void> {
  const text = `${insertSql(trx.engine, 'parked', ['origin', 'epoch', 'tx'], 1)} on conflict do nothing`
  await executeNoResult(trx[QUERY], text, [origin, epoch, tx])
  announce(trx, 'quarantine')
}

/** Why a transaction waits, and of which of its ops; the first of it where it is held. */
export type Trouble = TransactionKey & { seq: number; state: 'held' | 'quarantined'; reason: string | null }

/** What is held or quarantined of a chain from the transaction `from` to `to`; of all chains where none is named. Not what a person is done with. */
export async function troublesOf(
  db: Db,
  of?: { origin: number; epoch: number; from: number; to: number },
): Promise<Trouble[]> {
  const where = of ? 'where origin = ? and epoch = ? and tx between ? and ?' : ''
  const text = `select distinct origin, epoch, tx, tx as seq, 'held' as state, null as reason from held ${where}
    union all select origin, epoch, tx, seq, 'quarantined', reason from quarantine
    ${where ? `${where} and` : 'where'} ${IS_OPEN} order by origin, epoch, tx`
  const { origin, epoch, from, to } = of ?? {}
  const parameters = of ? [origin, epoch, from, to, origin, epoch, from, to] : []
  return await run<Trouble>(db[QUERY], db.engine, text, parameters)
}

/** The rows that a held transaction waits for. */
export async function waitedFor(
  db: Db,
  { origin, epoch, tx }: TransactionKey,
): Promise<{ entity: SyncedTable; row_id: number }[]> {
  const text = 'select entity, row_id from held where origin = ? and epoch = ? and tx = ? order by entity, row_id'
  return await run(db[QUERY], db.engine, text, [origin, epoch, tx])
}

/** Rows that something waits for, the next behind `after`. */
export async function rowsWaitedFor(
  db: Db,
  after: { entity: string; row_id: number },
  limit: number,
): Promise<{ entity: SyncedTable; row_id: number }[]> {
  const text = `select distinct entity, row_id from held where entity > ? or (entity = ? and row_id > ?)
    order by entity, row_id limit ?`
  return await run(db[QUERY], db.engine, text, [after.entity, after.entity, after.row_id, limit])
}

/** Leaves a transaction that is quarantined again in its place: it waits since then. */
export async function keepSince(trx: Trx, { origin, epoch, tx }: TransactionKey, since: number): Promise<void> {
  const text = 'update quarantine set since = ? where origin = ? and epoch = ? and tx = ?'
  await run(trx[QUERY], trx.engine, text, [since, origin, epoch, tx])
}

/** A transaction that waits: `seq` as in `Trouble`, `since` (ms) of one that is quarantined. */
export type Waiting = TransactionKey & {
  seq: number
  state: 'held' | 'quarantined' | 'parked'
  reason: string | null
  since: number | null
}

const WAITING = `select distinct origin, epoch, tx, tx as seq, 'held' as state, cast(null as text) as reason, cast(null as bigint) as since from held
  union all select origin, epoch, tx, seq, 'quarantined', reason, since from quarantine where ${IS_OPEN}
  union all select origin, epoch, tx, tx, 'parked', null, null from parked`

/** What waits, the next behind `after`; of the nodes of one store where that is said. */
export async function waitingAfter(
  db: Db,
  after: TransactionKey,
  limit: number,
  store: number | null = db.reach ?? null,
): Promise<Waiting[]> {
  const ofStore = store === null ? '' : 'and origin in (select id from node where store_id = ?)'
  const text = `select * from (${WAITING}) waiting where (origin, epoch, tx) > (?, ?, ?) ${ofStore}
    order by origin, epoch, tx, state limit ?`
  const place = [after.origin, after.epoch, after.tx]
  return await run(db[QUERY], db.engine, text, [...place, ...(store === null ? [] : [store]), limit])
}

/** How a transaction waits; null for one that does not, or with which a person is done. */
export async function waitingAs(db: Db, { origin, epoch, tx }: TransactionKey): Promise<Waiting | null> {
  const text = `select * from (${WAITING}) waiting where origin = ? and epoch = ? and tx = ? order by state`
  // What is quarantined is never parked too: nothing of it was applied.
  const rows = await run<Waiting>(db[QUERY], db.engine, text, [origin, epoch, tx])
  return rows[0] ?? null
}

/** How many transactions of a node are held or quarantined. */
export async function countTroubles(db: Db, origin: number): Promise<number> {
  const held = 'select epoch, tx from held where origin = ?'
  const text = `select count(*) as n from (${held} union select epoch, tx from quarantine where origin = ? and ${IS_OPEN}) as troubles`
  const [found] = await run<{ n: number }>(db[QUERY], db.engine, text, [origin, origin])
  return found!.n
}

/** Beyond so many nobody counts: of a million that wait the page asks often. */
const MOST_COUNTED = 1_000

/** How many transactions wait here, whoever wrote them, a thousand at most; those that a person is done with do not. */
export async function countWaiting(db: Db): Promise<number> {
  const { reach } = db
  const ofStore = reach === undefined ? '' : 'where origin in (select id from node where store_id = ?)'
  const text = `select count(*) as n from (select origin from (${WAITING}) as waiting ${ofStore} limit ${MOST_COUNTED}) as counted`
  const [found] = await run<{ n: number }>(db[QUERY], db.engine, text, reach === undefined ? [] : [reach])
  return found!.n
}

/** How many transactions of a node were put aside, for whatever reason; also those that a person is done with, which are kept too. */
export async function countQuarantined(db: Db, origin: number): Promise<number> {
  const text = 'select count(*) as n from quarantine where origin = ?'
  const [found] = await run<{ n: number }>(db[QUERY], db.engine, text, [origin])
  return found!.n
}

/** The transactions of which something is parked. */
export const parkedTransactions = (db: Db): Promise<TransactionKey[]> =>
  run(db[QUERY], db.engine, 'select origin, epoch, tx from parked order by origin, epoch, tx', [])

/** Whether nothing of a transaction is applied. */
export async function isWaiting(db: Db, { origin, epoch, tx }: TransactionKey): Promise<boolean> {
  const of = (table: string) => `select 1 from ${table} where origin = ? and epoch = ? and tx = ?`
  const key = [origin, epoch, tx]
  const text = `${of('held')} union all ${of('quarantine')}`
  return (await run(db[QUERY], db.engine, text, [...key, ...key])).length > 0
}

/** How many transactions are here and are not applied, or not all of them, whoever wrote them. */
export async function troublesHere(db: Db): Promise<{ held: number; quarantined: number; parked: number }> {
  const text = `select (select count(*) from (select distinct origin, epoch, tx from held) as waiting) as held,
    (select count(*) from quarantine) as quarantined, (select count(*) from parked) as parked`
  const [row] = await run<Record<'held' | 'quarantined' | 'parked', number>>(db[QUERY], db.engine, text, [])
  return row!
}
