import { type Actor, inStore, type Trx } from '../../../db/handle.ts'
import { insert, insertMany, patch, patchUnchecked, remove, restate } from '../../../db/rows.ts'
import { readRowState } from '../../../db/row-states.ts'
import { isFact, SYNC_RULES } from '../../../db/schema/sync-rules.ts'
import { REFERENCES } from '../../../db/schema/references.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { close, heldFor, type TransactionKey, type Waiting, waitingAs } from '../../../db/fleet/waiting.ts'
import { nodeOf } from '../../domain/ids.ts'
import type { Heard } from '../core/op.ts'
import { COMES_WITH_THE_ROW, type Columns, DELETED, type Fields, type RowOp } from '../core/registers.ts'
import { type Decision, referencesOf, type RowKey } from '../core/transaction.ts'
import { type Known, readOp } from '../core/upgrade.ts'
import { sideHere } from '../sides.ts'
import { asLetIn, decideHere, keptTransaction, type Sync } from '../take.ts'
import { decideAnew, publishBefore, releaseFor } from './again.ts'

/**
 * What a person makes of a transaction that waits: it is decided anew, said anew by head office, or dropped. Each leaves a note in
 * the chain of where it was done: who, when, and why. What is decided is written as that person; what waited for it and follows is
 * the program's, which does it whoever has gone meanwhile.
 */

/** Somebody who is signed in. */
export type Person = Actor & { actor: number }

/**
 * - `not-waiting`: it was applied meanwhile, or somebody is done with it.
 * - `not-head-office`: only head office says anew or drops: what a terminal did not take, others have.
 * - `parked`: some of it is applied; the rest waits for an update.
 * - `missing`: it names rows that are not here; `rows` says which.
 * - `foreign-id`, `not-owner`: nobody else can say that a row has this number, or change this money or fact.
 * - `unreadable`: it does not say of a row what this program could say for it.
 */
export type Cannot =
  | 'not-waiting'
  | 'not-head-office'
  | 'parked'
  | 'missing'
  | 'foreign-id'
  | 'not-owner'
  | 'unreadable'

/** Why what a person asked for was not done; nothing was. */
export class CannotDecide extends Error {
  reason: Cannot
  rows: readonly RowKey[]
  constructor(reason: Cannot, rows: readonly RowKey[] = []) {
    super(reason)
    this.reason = reason
    this.rows = rows
  }
}

/**
 * Decides a transaction anew by what is here now, and returns what became of it.
 * @throws CannotDecide
 */
export const retry = ({ database, known }: Sync, key: TransactionKey, by: Person): Promise<Decision['state']> =>
  database.write(by, async (trx) => {
    const state = await decideAnew(trx, known, key)
    if (!state) throw new CannotDecide('not-waiting')
    await note(trx, key, 'retried', state)
    return state
  })

/** A row that is named instead of another one. */
export type Instead = { entity: SyncedTable; row_id: number; instead: number }

/**
 * Head office takes what a node may not say, or says it with other rows in place of those that are not here: as its own ops, under
 * the rows' own numbers, of today. The transaction itself is never applied.
 * @throws CannotDecide
 */
export async function sayAnew(
  sync: Sync,
  key: TransactionKey,
  by: Person,
  { instead = [], text = null }: { instead?: readonly Instead[]; text?: string | null } = {},
): Promise<void> {
  const { database, known } = sync
  const put = await database.write(by, async (trx) => {
    const { seq } = await findOpen(trx, known, key)
    const ops = readOps(await keptTransaction(trx, key), known)
    for (const op of ops) await sayOne(trx, op, instead)
    await close(trx, key, seq, 'taken')
    await note(trx, key, instead.length > 0 ? 'mended' : 'taken', text)
    return [...ops.filter(isPut), ...(await sayWhatHangsOn(trx, known, key.origin, ops.filter(isPut)))]
  })
  await releaseFor(sync, put)
}

const isPut = ({ kind }: RowOp) => kind === 'put'

/**
 * The same node's changes of rows that head office has just put are said anew too, as far as that node may say them: by their
 * clocks they would lose against what they are about. Returns the rows that come with them.
 */
async function sayWhatHangsOn(trx: Trx, known: Known, origin: number, rows: readonly RowOp[]): Promise<RowOp[]> {
  const put: RowOp[] = []
  const side = asLetIn(await sideHere(trx, known))
  for (const row of rows)
    for (const key of await heldFor(trx, origin, row)) {
      const heard = await keptTransaction(trx, key)
      const { state } = await decideHere(trx, known, heard, side)
      if (state !== 'apply') continue // It is released and judged like any other.
      const ops = readOps(heard, known)
      for (const op of ops) await sayOne(trx, op, [])
      await close(trx, key, key.tx, 'taken')
      const came = ops.filter(isPut)
      put.push(...came, ...(await sayWhatHangsOn(trx, known, origin, came)))
    }
  return put
}

/**
 * Drops a transaction: it is never applied. Whoever wrote it gets its rows back as they are here; a row that it put is taken in
 * hidden where that can be, so that nothing that hangs on it waits for ever.
 * @throws CannotDecide
 */
export async function drop(
  sync: Sync,
  key: TransactionKey,
  by: Person,
  { text = null }: { text?: string | null } = {},
): Promise<void> {
  const { database, known } = sync
  const hidden = await database.write(by, async (trx) => {
    const { seq } = await findOpen(trx, known, key)
    const put = await takeBack(trx, known, await keptTransaction(trx, key))
    await close(trx, key, seq, 'dropped')
    await note(trx, key, 'dropped', text)
    for (const row of put)
      for (const other of await heldFor(trx, key.origin, row)) await dropChange(trx, known, other, put)
    return put
  })
  await releaseFor(sync, hidden)
}

/** Gives whoever wrote a transaction its rows back as they are here; returns those that were taken in hidden. */
async function takeBack(trx: Trx, known: Known, transaction: readonly Heard[]): Promise<RowKey[]> {
  const put: RowKey[] = []
  for (const heard of transaction) {
    const reading = readOp(heard, known)
    if (reading.state !== 'row') continue
    const { op } = reading
    const row = await readRowState(trx, op.entity, op.row_id)
    if (row) await restate(trx, op.entity, op.row_id, saidBy(op, known.columns.get(op.entity)!))
    else if (await putHidden(trx, known, op, await storeOf(trx, op.origin))) put.push(op)
  }
  return put
}

/** What only changes rows that were dropped goes with them. */
async function dropChange(trx: Trx, known: Known, key: TransactionKey, rows: readonly RowKey[]): Promise<void> {
  const transaction = await keptTransaction(trx, key)
  const isOfThem = ({ op }: Heard) =>
    op.kind !== 'put' && rows.some(({ entity, row_id }) => entity === op.entity && row_id === op.row_id)
  if (!transaction.every(isOfThem)) return
  await takeBack(trx, known, transaction)
  await close(trx, key, key.tx, 'dropped')
}

async function findOpen(trx: Trx, known: Known, key: TransactionKey): Promise<Waiting> {
  if (trx.act.node.role !== 'head-office') throw new CannotDecide('not-head-office')
  await publishBefore(trx, known)
  const waiting = await waitingAs(trx, key)
  if (!waiting) throw new CannotDecide('not-waiting')
  if (waiting.state === 'parked') throw new CannotDecide('parked')
  return waiting
}

/** All that a transaction says of rows. */
function readOps(transaction: readonly Heard[], known: Known): RowOp[] {
  return transaction.flatMap((heard) => {
    const reading = readOp(heard, known)
    if (reading.state === 'nothing') return []
    if (reading.state !== 'row' || reading.parked.length > 0) throw new CannotDecide('unreadable')
    return [reading.op]
  })
}

async function sayOne(trx: Trx, said: RowOp, instead: readonly Instead[]): Promise<void> {
  const op = { ...said, after: replaced(said, instead) }
  const missing: RowKey[] = []
  const isOwn = ({ entity, row_id }: RowKey) => op.kind === 'put' && entity === op.entity && row_id === op.row_id
  for (const row of referencesOf(op))
    if (!isOwn(row) && !(await readRowState(trx, row.entity, row.row_id))) missing.push(row)
  const row = await readRowState(trx, op.entity, op.row_id)
  if (!row && op.kind !== 'put') missing.push(op)
  if (missing.length > 0) throw new CannotDecide('missing', missing.map(({ entity, row_id }) => ({ entity, row_id }))) // oxfmt-ignore
  await write(trx, op, row?.values ?? null)
  const others = Object.entries(said.after).filter(([column, value]) => op.after[column] !== value)
  // Where it was written, the former reference is not to stand as something that lost.
  if (others.length > 0) await restate(trx, op.entity, op.row_id, Object.fromEntries(others))
}

function replaced({ entity, after }: RowOp, instead: readonly Instead[]): Fields {
  const columns = Object.entries(REFERENCES[entity]).flatMap(([column, table]) => {
    const other = instead.find((one) => one.entity === table && one.row_id === after[column])
    return other ? [[column, other.instead] as const] : []
  })
  return { ...after, ...Object.fromEntries(columns) }
}

async function write(trx: Trx, op: RowOp, row: Fields | null): Promise<void> {
  const { entity, row_id, kind, origin, after } = op
  const owner = nodeOf(row_id)
  if (!row) {
    if (owner !== origin) throw new CannotDecide('foreign-id')
    return await put(trx, op, after)
  }
  const isMoney = SYNC_RULES[entity].class === 'money'
  if (isFact(entity) || (isMoney && (owner !== origin || kind === 'del'))) throw new CannotDecide('not-owner')
  if (kind === 'del') return void (await remove(trx, entity, row_id))
  const changes = Object.fromEntries(Object.entries(after).filter(([column]) => !COMES_WITH_THE_ROW.has(column)))
  // Of money these are its owner's own words.
  const change = isMoney ? patchUnchecked : patch
  await change(trx, entity, row_id, changes as never) // The columns of its table, as they were read.
}

async function put(trx: Trx, { entity, row_id, at }: RowOp, { store_id, ...values }: Fields): Promise<void> {
  const row = { created_at: at, ...values }
  await insertMany(inStore(trx, Number(store_id)), entity, [row as never], [row_id]) // As above.
}

/** What a transaction says of a row that is here, every column of it where it states the row. */
function saidBy({ kind, at, after }: RowOp, columns: Columns): Record<string, unknown> {
  if (kind === 'del') return { [DELETED]: at }
  const names = kind === 'put' ? [...columns.keys()] : Object.keys(after)
  return Object.fromEntries(names.filter((name) => !COMES_WITH_THE_ROW.has(name)).map((name) => [name, after[name] ?? null])) // oxfmt-ignore
}

/** Somebody whom nobody here has hired. */
const NO_RIGHTS = { role: 'customer', is_staff: 0, is_lead: null, works_at: null, is_active: 0 }

/**
 * Takes a row that nobody else has in and hides it; its references that are not here are empty. Says whether that could be done:
 * facts and money are never hidden, nobody puts another's number, and some references may not be empty.
 */
async function putHidden(trx: Trx, known: Known, op: RowOp, store_id: number): Promise<boolean> {
  const { entity, row_id } = op
  const kind = SYNC_RULES[entity].class
  if (op.kind !== 'put' || kind === 'fact' || kind === 'money' || nodeOf(row_id) !== op.origin) return false
  const columns = known.columns.get(entity)!
  const values: Record<string, Fields[string]> = { ...op.after, store_id, ...(kind === 'person' && NO_RIGHTS) }
  for (const [column, table] of Object.entries(REFERENCES[entity])) {
    const id = values[column]
    if (typeof id !== 'number' || (await readRowState(trx, table, id))) continue
    if (!columns.get(column)!.nullable) return false
    values[column] = null
  }
  await put(trx, op, values)
  await restate(trx, entity, row_id, saidBy(op, columns))
  await remove(trx, entity, row_id)
  return true
}

const storeOf = async (trx: Trx, node: number): Promise<number> =>
  (await trx.selectFrom('node').select('store_id').where('id', '=', node).executeTakeFirstOrThrow()).store_id

/**
 * What of a transaction's fate stands in the chain: a note about the node that wrote it. Head office writes it in that node's store,
 * where it is read; a terminal in its own.
 */
async function note(
  trx: Trx,
  { origin, epoch, tx }: TransactionKey,
  what: 'retried' | 'taken' | 'mended' | 'dropped',
  text: string | null,
): Promise<void> {
  const facts_seen = `${what} ${epoch}/${tx}`
  const about = { kind: 'sync', about_entity: 'node', about_id: origin }
  const by = trx.act.actor!
  // Of a terminal head office believes what it says in its own store: anywhere else the note would be put aside itself.
  const there = trx.act.node.role === 'terminal' ? trx : inStore(trx, await storeOf(trx, origin))
  await insert(there, 'task_note', { ...about, by, text, facts_seen })
}
