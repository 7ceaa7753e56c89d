import { applyEntries, applyHeard, type ReceivedEntry } from '../../db/applied.ts'
import { saveClocks } from '../../db/clocks.ts'
import { forgetConflictsBefore, saveConflicts } from '../../db/fleet/conflicts.ts'
import { readErased } from '../../db/fleet/erased.ts'
import type { Database } from '../../db/database.ts'
import type { Db, Trx } from '../../db/handle.ts'
import { blankHeard, keepHeard } from '../../db/fleet/heard.ts'
import { blankBodies, eraseOwnBodies } from '../../db/journal/erase.ts'
import { type KeptOp, opsAbout, opsOfTransaction } from '../../db/journal/ops.ts'
import { MIGRATION_COUNT, readColumns, readRowState } from '../../db/row-states.ts'
import type { SyncedTable } from '../../db/schema/schema.ts'
import { hold, park, quarantine, release, type TransactionKey } from '../../db/fleet/waiting.ts'
import { type Lookups, openLookups } from './lookups.ts'
import { merge, type RowState, type RowWrite } from './core/merge.ts'
import type { Heard } from './core/op.ts'
import type { Clock } from '../domain/time/write-order.ts'
import type { Fields, RowOp } from './core/registers.ts'
import { erasedAmong, decide, type Decision, type Here, type RowKey, rowsNamed } from './core/transaction.ts'
import { followPeople } from './people/follow-people.ts'
import { noteHeardPhotos } from './photos/note-heard.ts'
import { type Known, readOp, STEPS } from './core/upgrade.ts'
import { hearErasure, keepErased } from './history/erasures.ts'

/** Takes transactions of other nodes into the database, as the core decides: applied whole, held, or quarantined. */

/** What both sides of sync work on. */
export type Sync = { database: Database; known: Known }

/** Reads what this program knows of its tables. */
export const openSync = async (database: Database): Promise<Sync> => ({
  database,
  known: { schema: MIGRATION_COUNT, columns: await readColumns(database.db), steps: STEPS },
})

/** What becomes of a transaction: `befores` are the values that its rows had, null for one that is new. */
export type Taken = { decision: Decision; befores: ReadonlyMap<string, Fields | null> }

/** How one side differs from the other in taking a transaction. */
export type Side = {
  /** At head office, why nothing of a node is applied, whatever it says; null where it is judged op by op. */
  shutOut: (origin: number) => string | null
  /** At head office, why an op of a node may not be applied. */
  refusal: (origin: number, lookups: Lookups) => Here['refusal']
  /** The entries as they are kept at head office; null where only their ops are, in `heard`. */
  entries: readonly ReceivedEntry[] | null
  /** What follows once a transaction is applied. */
  onApplied: (heard: readonly Heard[], befores: Taken['befores']) => Promise<void>
}

export const nameOf = ({ entity, row_id }: { entity: string; row_id: number }): string => `${entity} ${row_id}`

/** The ops about rows as they are here, for the core to ask. */
export function rowsHere(trx: Trx, known: Known, lookups: Lookups) {
  return {
    row: (entity: SyncedTable, row_id: number): RowState | null =>
      lookups.get(`row ${entity} ${row_id}`, async () => {
        const state = await readRowState(trx, entity, row_id)
        return state && { ...state, erased: await readErased(trx, entity, row_id) }
      }),
    erased: (entity: SyncedTable, row_id: number): Clock | null =>
      lookups.get(`erased ${entity} ${row_id}`, () => readErased(trx, entity, row_id)),
    history: (entity: SyncedTable, row_id: number): readonly RowOp[] =>
      lookups.get(`ops ${entity} ${row_id}`, async () =>
        (await opsAbout(trx, entity, row_id)).flatMap((op) => rowOpOf(heardOf(op), known) ?? []),
      ),
  }
}

/** An op that is kept as it travels. */
export function heardOf({ stamp, ...op }: KeptOp): Heard {
  return { op: { ...op, digest: op.salt === null ? op.digest : null }, stamp: stamp ?? op.hlc }
}

/** What an op says of a row that is known here; null where it says nothing of one. */
export function rowOpOf(heard: Heard, known: Known): RowOp | null {
  const reading = readOp(heard, known)
  return reading.state === 'row' ? reading.op : null
}

/** Takes one transaction, and then what waited for the rows that came with it. */
export async function take(trx: Trx, known: Known, heard: readonly Heard[], side: Side): Promise<Decision> {
  const decision = await takeOne(trx, known, heard, side)
  if (decision.state === 'apply') await takeReleased(trx, known, newIn(decision.writes), side)
  return decision
}

const newIn = (writes: readonly RowWrite[]): RowKey[] => writes.filter(({ isNew }) => isNew)

/** Takes what waited for these rows, which are here by now, and what waited for rows that come with it. */
export async function takeReleased(trx: Trx, known: Known, came: readonly RowKey[], side: Side): Promise<void> {
  for (const { entity, row_id } of came)
    for (const key of await release(trx, entity, row_id)) {
      const decision = await takeOne(trx, known, await keptTransaction(trx, key), asLetIn(side))
      if (decision.state === 'apply') await takeReleased(trx, known, newIn(decision.writes), side)
    }
}

/** The ops of a transaction that is here already. */
export const keptTransaction = async (db: Db, key: TransactionKey): Promise<Heard[]> =>
  (await opsOfTransaction(db, key)).map(heardOf)

/** For ops that are kept already: nothing but their effect is missing. */
export const asKept = (side: Side): Side => ({ ...side, entries: side.entries && [] })

/** For what is held or parked: of a node that is shut out it came before that, or it would have been put aside whole. */
export const asLetIn = (side: Side): Side => ({ ...asKept(side), shutOut: () => null })

/** What would become of a transaction; nothing is written. */
export async function decideHere(trx: Trx, known: Known, heard: readonly Heard[], side: Side): Promise<Decision> {
  return await decideBy(trx, known, heard, side, openLookups())
}

async function decideBy(
  trx: Trx,
  known: Known,
  heard: readonly Heard[],
  side: Side,
  lookups: Lookups,
): Promise<Decision> {
  const { origin, seq } = heard[0]!.op
  // Before anything is read: what is malformed or not known here is no way around it.
  const reason = side.shutOut(origin)
  if (reason !== null) return { state: 'quarantine', seq, reason }
  const here = rowsHere(trx, known, lookups)
  // Found out one by one, each would have all of the transaction decided once more.
  for (const { entity, row_id } of rowsNamed(heard, known))
    await lookups.run(() => [here.row(entity, row_id), here.erased(entity, row_id)])
  const refusal = side.refusal(origin, lookups)
  return await lookups.run(() => decide(heard, known, { ...here, refusal }))
}

async function takeOne(trx: Trx, known: Known, heard: readonly Heard[], side: Side): Promise<Decision> {
  const lookups = openLookups()
  const here = rowsHere(trx, known, lookups)
  const { origin, epoch, tx } = heard[0]!.op
  const decision = await decideBy(trx, known, heard, side, lookups)
  const named = rowsNamed(heard, known)
  const befores = await lookups.run(
    () => new Map(named.map((key) => [nameOf(key), here.row(key.entity, key.row_id)?.values ?? null])),
  )
  const key = { origin, epoch, tx }
  await keep(trx, heard, side, decision.state === 'apply' ? decision.writes : [])
  if (decision.state === 'hold') await hold(trx, key, decision.waitsFor)
  if (decision.state === 'quarantine') await quarantine(trx, key, decision)
  if (decision.state !== 'apply') {
    const blank = await lookups.run(() => erasedAmong(heard, known, here))
    await keepErased(trx, heard, { blank, revived: [] })
    return decision
  }
  // One after the other: a later op of the transaction may settle what an earlier one has given another winner.
  for (const write of decision.writes) await saveConflicts(trx, write)
  for (const { op, stamp } of heard)
    if (op.kind === 'put' && befores.get(nameOf(op)))
      await forgetConflictsBefore(trx, op.entity as SyncedTable, op.row_id, stamp) // `befores` has rows of these alone.
  if (decision.parked.length > 0) await park(trx, key)
  const kept = await keepErased(trx, heard, decision)
  for (const { erasure, clock } of decision.erasures) {
    if (!('seqs' in erasure)) await hearErasure(trx, erasure, clock)
    else {
      if (erasure.origin === trx.act.node.id) await eraseOwnBodies(trx, erasure)
      else if (side.entries) await blankBodies(trx, erasure)
      await blankHeard(trx, erasure)
    }
  }
  await followPeople(trx, decision.writes, befores)
  await noteHeardPhotos(trx, decision.writes)
  await side.onApplied(kept, befores)
  return decision
}

async function keep(trx: Trx, heard: readonly Heard[], { entries }: Side, writes: readonly RowWrite[]) {
  if (entries) return await applyEntries(trx, entries, writes)
  const stamps = heard.map(({ stamp }) => stamp)
  await applyHeard(trx, stamps, writes)
  await keepHeard(
    trx,
    heard.map(({ op, stamp, seal = null }) => ({ ...op, stamp, seal })),
  )
}

/**
 * Has this node's own ops settle the conflicts that they knew: `db/rows.ts` writes rows without looking for any. An op that is in
 * its row already changes nothing else.
 */
export async function settleOwn(trx: Trx, known: Known, ops: readonly Heard[]): Promise<void> {
  for (const heard of ops) {
    const op = rowOpOf(heard, known)
    if (!op) continue
    const lookups = openLookups()
    const here = rowsHere(trx, known, lookups)
    const row = await lookups.run(() => here.row(op.entity, op.row_id))
    if (!row || row.conflicts.length === 0) continue
    const history = await lookups.run(() => here.history(op.entity, op.row_id))
    const { write } = merge(row, op, known.columns.get(op.entity)!, history)
    if (!write) continue
    await saveConflicts(trx, write)
    await saveClocks(trx, op.entity, op.row_id, write.clocks)
  }
}
