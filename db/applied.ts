import { setTimeout as pause } from 'node:timers/promises'
import { type JournalEntry } from '../server/domain/chain.ts'
import { merge } from '../server/domain/time/hybrid-clock.ts'
import { type ClockChanges, saveClocks } from './clocks.ts'
import type { Database } from './database.ts'
import { executeNoResult } from './engines/direct.ts'
import { chunksOf, insertSql, parametersOf, updateSql } from './engines/sql-text.ts'
import { type Actor, QUERY, type Trx } from './handle.ts'
import { clockId } from './journal/journal.ts'
import { markTouched } from './rows.ts'
import type { JournalTable, SyncedTable } from './schema/schema.ts'

/**
 * Writes to rows what other nodes have written: the only writer of synced tables beside `rows.ts`. It decides nothing: which
 * registers of which row have which values was settled before. It makes no entries of this machine's own; search, live changes
 * and other processes hear of its rows as of any.
 */

/** An entry of another node's chain as it was written, and the stamp that it is judged by where that is not its `hlc`. */
export type ReceivedEntry = JournalEntry & Pick<JournalTable, 'stamp'>

/** What is written to one row. */
export type RowWrite = {
  entity: SyncedTable
  row_id: number
  /** Whether the row is not here yet. */
  isNew: boolean
  /** Of a new row every column but `id`; else those that change, registers whole. `updated_at` is the entry's `at`. */
  values: Readonly<Record<string, string | number | null>>
  /** Clocks that change; of a new row none. */
  clocks: ClockChanges
}

/**
 * Applies entries of one transaction of another node, whole or, where it throws, with the transaction not at all. An entry whose
 * body was erased, or that lost, has no write. Where this machine is head office, its journal keeps each.
 */
export async function applyEntries(
  trx: Trx,
  entries: readonly ReceivedEntry[],
  writes: readonly RowWrite[],
): Promise<void> {
  await applyHeard(
    trx,
    entries.map(({ stamp, hlc }) => stamp ?? hlc),
    writes,
  )
  if (trx.act.node.role === 'head-office') await keepEntries(trx, entries)
}

/** The same where no entry of theirs is kept here: `stamps` are those that their ops are judged by. */
export async function applyHeard(trx: Trx, stamps: readonly string[], writes: readonly RowWrite[]): Promise<void> {
  hear(trx, stamps)
  for (const alike of runsOf(writes)) {
    if (alike[0]!.isNew) await insertRows(trx, alike)
    else for (const write of alike) await updateRow(trx, write)
  }
  for (const { entity, row_id, clocks } of writes) await saveClocks(trx, entity, row_id, clocks)
  for (const write of writes) announce(trx, write)
}

/** How long the rest of the program waits for what is applied, in ms. */
const TURN_MS = 50

/**
 * Applies one transaction of another node after the other, as many as fit into 50 ms within one write, and lets others have their
 * turn in between. `apply` reads, decides and calls `applyEntries`. What was committed stays where it throws for a later one;
 * `onCommit` hears how many are done.
 */
export async function applyInTurns<T>(
  database: Pick<Database, 'write'>,
  by: Actor,
  transactions: readonly T[],
  apply: (trx: Trx, transaction: T) => Promise<void>,
  onCommit: (done: number) => void = () => {},
): Promise<void> {
  for (let done = 0; done < transactions.length; await pause(1)) {
    done = await database.write(by, async (trx) => {
      const began = performance.now()
      let next = done
      do await apply(trx, transactions[next++]!)
      while (next < transactions.length && performance.now() - began < TURN_MS)
      return next
    })
    onCommit(done)
  }
}

/** This machine's clock goes on behind all that it has heard, and is saved in the same transaction. */
function hear({ act }: Trx, stamps: readonly string[]) {
  const { node } = act
  for (const stamp of stamps) node.hlc = merge(node.hlc, stamp, act.clock.reading.says, clockId(node))
  if (stamps.length > 0) act.heard = true
}

/** Writes one behind the other that are alike, to be written at once: new rows of one table with the same columns. */
function* runsOf(writes: readonly RowWrite[]): Generator<readonly RowWrite[]> {
  let run: RowWrite[] = []
  for (const write of writes) {
    if (run[0] && !isAlike(run[0], write)) {
      yield run
      run = []
    }
    run.push(write)
  }
  if (run.length > 0) yield run
}

function isAlike(one: RowWrite, other: RowWrite): boolean {
  if (one.isNew !== other.isNew || one.entity !== other.entity) return false
  const [columns, others] = [Object.keys(one.values), Object.keys(other.values)]
  return columns.length === others.length && others.every((column) => column in one.values)
}

async function insertRows(trx: Trx, writes: readonly RowWrite[]) {
  const { entity, values: first } = writes[0]!
  const columns = Object.keys(first)
  for (const batch of chunksOf(writes)) {
    const parameters: unknown[] = []
    for (const { row_id, values } of batch) parameters.push(row_id, ...columns.map((column) => values[column]))
    const text = insertSql(trx.engine, entity, ['id', ...columns], batch.length)
    await executeNoResult(trx[QUERY], text, parameters)
  }
}

async function updateRow(trx: Trx, { entity, row_id, values }: RowWrite) {
  const columns = Object.keys(values)
  if (columns.length === 0) return
  const parameters = [...columns.map((column) => values[column]), row_id]
  await executeNoResult(trx[QUERY], updateSql(trx.engine, entity, columns), parameters)
}

const ENTRY_COLUMNS = [
  'origin', 'epoch', 'seq', 'tx', 'hlc', 'stamp', 'schema', 'at', 'actor', 'device', 'act', 'entity', 'row_id', 'kind',
  'before', 'after', 'salt', 'digest', 'chain',
] as const satisfies readonly (keyof ReceivedEntry)[] // oxfmt-ignore

async function keepEntries({ engine, [QUERY]: query }: Trx, entries: readonly ReceivedEntry[]) {
  for (const batch of chunksOf(entries)) {
    const values: unknown[] = []
    for (const entry of batch) for (const column of ENTRY_COLUMNS) values.push(entry[column])
    const text = insertSql(engine, 'journal', ENTRY_COLUMNS, batch.length)
    await executeNoResult(query, text, parametersOf(engine, values, {}))
  }
}

/** What is owed on a repair follows from its money, whose rows say of which it is. */
function announce(trx: Trx, { entity, row_id, values }: RowWrite) {
  const ids = trx.act.applied.get(entity)
  if (ids) ids.add(row_id)
  else trx.act.applied.set(entity, new Set([row_id]))
  markTouched(trx, entity, row_id, values)
}
