import { setTimeout as pause } from 'node:timers/promises'
import { putClocks } from '../../../db/clocks.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import type { BlockEntry } from '../../../db/journal/block.ts'
import { chainsOf, entriesBetween } from '../../../db/journal/entries.ts'
import { idsOf } from '../../../db/row-states.ts'
import { rejournal } from '../../../db/rows.ts'
import { SYNCED_TABLES, type SyncedTable } from '../../../db/schema/schema.ts'
import type { Clock, RowClocks } from '../../domain/time/write-order.ts'
import { writesOf } from '../core/registers.ts'
import { clockOfHeard, type RowKey } from '../core/transaction.ts'
import { type Known, readOp } from '../core/upgrade.ts'
import { heardOf, type Sync } from '../take.ts'

/**
 * What a database that was alone brings into its fleet: by which of its entries each register stands that was changed after its
 * row was put. Without that a change of before would lose to an older one of another node.
 *
 * In three steps, of which the first two may be broken off and begun again: `readPast`, `stateUntold`, and `fillClocks` in the
 * transaction that says what the database is from then on (`self.role`).
 */
export type Past = {
  /** By `origin epoch`: up to where the chain was read. */
  readonly upTo: Map<string, number>
  readonly tables: ReadonlyMap<SyncedTable, TablePast>
}

type TablePast = {
  /** Rows of which any entry speaks. */
  named: Set<number>
  /** Rows that the journal can give to somebody who has nothing: whole, and with all that was changed since. */
  told: Set<number>
  /** Of rows that were changed after their first put. */
  clocks: Map<number, RowClocks>
}

const BY = { actor: null, device: null, act: 'sync' }

/** Reads the journal through, while the shop goes on; entries that are written meanwhile are for `fillClocks`. @throws BlockDamaged */
export async function readPast({ database, known }: Sync): Promise<Past> {
  const nothing = (): TablePast => ({ named: new Set(), told: new Set(), clocks: new Map() })
  const tables = new Map(SYNCED_TABLES.map((table) => [table, nothing()] as const))
  const past: Past = { upTo: new Map(), tables }
  await readOn(database.db, known, past)
  return past
}

async function readOn(db: Db, known: Known, { upTo, tables }: Past): Promise<void> {
  for (const { origin, epoch } of await chainsOf(db)) {
    const chain = `${origin} ${epoch}`
    for await (const entry of entriesBetween(db, { origin, epoch, after: upTo.get(chain) ?? 0 })) {
      const table = tables.get(entry.entity as SyncedTable) // Of others there is none.
      if (table) addEntry(table, entry, known)
      upTo.set(chain, entry.seq)
    }
  }
}

function addEntry({ named, told, clocks }: TablePast, entry: BlockEntry, known: Known) {
  const { row_id } = entry
  const heard = heardOf(entry)
  const reading = readOp(heard, known)
  const isNamed = named.has(row_id)
  named.add(row_id)
  // Its body was erased, or an older program left out a part of what this one takes whole: nobody can follow it.
  if (entry.salt === null || reading.state === 'quarantine') told.delete(row_id)
  if (reading.state !== 'row') return
  const clock = clockOfHeard(heard)
  if (reading.op.kind === 'put') {
    told.add(row_id)
    // Stated anew: what was said of it before does not count any more.
    if (isNamed) clocks.set(row_id, { put: clock, registers: {} })
    return
  }
  const { put, registers } = clocks.get(row_id) ?? { put: null, registers: {} }
  const moved = writesOf(reading.op, NO_COLUMNS).map(({ register }) => [register, clock] as const)
  clocks.set(row_id, { put, registers: { ...registers, ...Object.fromEntries<Clock>(moved) } })
}

/** A patch and a del say theirs themselves. */
const NO_COLUMNS = new Map()

/**
 * The rows that the journal cannot give to a node that joins: the first store and node, which are there before it, rows whose
 * changes an older program wrote as this one cannot read them, and rows of an erasure that was broken off.
 */
export async function untoldRows(db: Db, { tables }: Past): Promise<RowKey[]> {
  const untold: RowKey[] = []
  for (const [entity, { told }] of tables)
    for (const row_id of await idsOf(db, entity)) if (!told.has(row_id)) untold.push({ entity, row_id })
  return untold
}

/** Rows of one transaction. */
const SLICE = 200

/** States anew what the journal does not tell, those first that others refer to, in slices; returns how many rows. */
export async function stateUntold({ database }: Sync, past: Past): Promise<number> {
  const rows = await untoldRows(database.db, past)
  for (let start = 0; start < rows.length; start += SLICE) {
    await database.write(BY, async (trx) => {
      for (const { entity, row_id } of rows.slice(start, start + SLICE)) await rejournal(trx, entity, row_id)
    })
    await pause(5)
  }
  return rows.length
}

/**
 * Writes down by which entries the registers of all rows stand. It belongs into the transaction that changes what this database
 * is in its fleet: each write behind it notes its own clocks. @throws BlockDamaged
 */
export async function fillClocks(trx: Trx, known: Known, past: Past): Promise<void> {
  await readOn(trx, known, past)
  for (const [entity, { clocks }] of past.tables)
    await putClocks(
      trx,
      [...clocks].map(([row_id, of]) => ({ entity, row_id, clocks: of })),
    )
}
