import { counterFloor, mintedAs } from '../../../server/domain/ids.ts'
import type { Clock } from '../../../server/domain/time/write-order.ts'
import type { Restored } from '../../journal/begin-epoch.ts'
import type { Scan } from '../scan.ts'

/**
 * What a machine of a fleet had written after the backup that it was restored from, and hears back from the others: its rows stand
 * here, and its own journal does not tell of them.
 */

/** Each restore that ended a chain of this machine, in the fleet: up to where that chain is here, and which ids were lost. */
export type Lost = readonly {
  epoch: number
  seq: number
  /** By table, the last id that is known here and the last one that may have been minted, as counted; of the others `ids`. */
  tables: Readonly<Record<string, readonly [number, number]>>
  ids: readonly [number, number]
}[]

export async function readLost(scan: Scan, origin: number): Promise<Lost> {
  const text = `select epoch, after from journal where origin = ? and seq = 1 and kind = 'restore' and after is not null`
  const firsts = (await scan.rows(text, [origin])) as [number, string][]
  return firsts.flatMap(([epoch, after]) => {
    const { ended, lost } = JSON.parse(after) as Restored // As `beginEpoch` wrote it.
    if (!lost) return []
    const ids = [counterFloor(ended.epoch), counterFloor(epoch)] as const
    return [{ epoch: ended.epoch, seq: ended.seq, tables: lost, ids }]
  })
}

/** Whether an id of this machine may have been minted in what was lost. */
export function isLostId(lost: Lost, table: string, id: number): boolean {
  return lost.some(({ tables, ids }) => {
    const [from, to] = tables[table] ?? ids
    return mintedAs(id) > from && mintedAs(id) <= to
  })
}

/** Whether a write of this machine is of what was lost. */
export const isLostWrite = (lost: Lost, own: number, { origin, epoch, seq }: Clock): boolean =>
  origin === own && lost.some((one) => one.epoch === epoch && seq > one.seq)
