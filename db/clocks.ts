import type { Clock, RowClocks } from '../server/domain/time/write-order.ts'
import { executeNoResult } from './engines/direct.ts'
import { chunksOf, insertSql, parametersOf, run } from './engines/sql-text.ts'
import { type Db, type Op, QUERY, type Trx } from './handle.ts'
import type { SyncedTable } from './schema/schema.ts'
import { registerOf } from './schema/sync-rules.ts'

/**
 * By which write each register of a row stands, in the table `field_clock`. It has rows for what was changed after it was put,
 * on machines that others share rows with; of all else the put says it.
 */

/** Clocks that change; null takes that of a register away. */
export type ClockChanges = { put?: Clock; registers: Readonly<Record<string, Clock | null>> }

const NO_CLOCKS: RowClocks = { put: null, registers: {} }

/** As it is stored: `[stamp, origin, epoch, seq]` by register, that of the put under the empty name. */
type Stored = Record<string, [stamp: string, origin: number, epoch: number, seq: number]>
const PUT = ''

/** The clocks of a row. */
export async function readClocks(db: Db, entity: SyncedTable, row_id: number): Promise<RowClocks> {
  const text = 'select stamps from field_clock where entity = ? and row_id = ?'
  const [row] = await run<{ stamps: string }>(db[QUERY], db.engine, text, [entity, row_id])
  return row ? clocksIn(row.stamps) : NO_CLOCKS
}

/** What a row of the table says. */
export function clocksIn(stamps: string): RowClocks {
  const { [PUT]: put, ...registers } = JSON.parse(stamps) as Stored // As `textOf` wrote it.
  const read = ([stamp, origin, epoch, seq]: Stored[string]): Clock => ({ stamp, origin, epoch, seq })
  return {
    put: put ? read(put) : null,
    registers: Object.fromEntries(Object.entries(registers).map(([name, clock]) => [name, read(clock)])),
  }
}

function textOf({ put, registers }: RowClocks): string {
  const written = ({ stamp, origin, epoch, seq }: Clock): Stored[string] => [stamp, origin, epoch, seq]
  const stored: Stored = put ? { [PUT]: written(put) } : {}
  for (const [name, clock] of Object.entries(registers)) stored[name] = written(clock)
  return JSON.stringify(stored)
}

/** Changes clocks of a row, and leaves its others. */
export async function saveClocks(trx: Trx, entity: SyncedTable, row_id: number, changes: ClockChanges): Promise<void> {
  const moved = Object.entries(changes.registers)
  if (changes.put === undefined && moved.length === 0) return
  const before = await readClocks(trx, entity, row_id)
  const registers: Record<string, Clock> = { ...before.registers }
  for (const [name, clock] of moved)
    if (clock) registers[name] = clock
    else delete registers[name]
  const text = `${insertSql(trx.engine, 'field_clock', ['entity', 'row_id', 'stamps'], 1)}
    on conflict (entity, row_id) do update set stamps = excluded.stamps`
  const stamps = textOf({ put: changes.put ?? before.put, registers })
  await executeNoResult(trx[QUERY], text, [entity, row_id, stamps])
}

/** Says of rows which clocks they have, whatever was known of them before. */
export async function putClocks(
  trx: Trx,
  rows: readonly { entity: SyncedTable; row_id: number; clocks: RowClocks }[],
): Promise<void> {
  for (const batch of chunksOf(rows)) {
    const text = `${insertSql(trx.engine, 'field_clock', ['entity', 'row_id', 'stamps'], batch.length)}
      on conflict (entity, row_id) do update set stamps = excluded.stamps`
    const values = batch.flatMap(({ entity, row_id, clocks }) => [entity, row_id, textOf(clocks)])
    await executeNoResult(trx[QUERY], text, parametersOf(trx.engine, values, {}))
  }
}

/** Notes what this machine's own write changes after the put, once its entry has its stamp. */
export async function followOwnWrite(trx: Trx, op: Op, clock: Clock): Promise<void> {
  const { entity, row_id, kind } = op
  if (entity === 'journal') return
  if (op.restates) {
    const { registers } = await readClocks(trx, entity, row_id)
    const gone = Object.fromEntries(Object.keys(registers).map((name) => [name, null]))
    return await saveClocks(trx, entity, row_id, { put: clock, registers: gone })
  }
  if (kind !== 'patch' && kind !== 'del') return
  const columns = Object.keys(JSON.parse(op.before!) as object) // As `rows.ts` wrote it.
  const registers = Object.fromEntries(columns.map((column) => [registerOf(entity, column), clock]))
  await saveClocks(trx, entity, row_id, { registers })
}
