import type { Trx } from '../../../db/handle.ts'
import { opsAbout } from '../../../db/journal/ops.ts'
import { registerOf } from '../../../db/schema/sync-rules.ts'
import { nodeOf } from '../../domain/ids.ts'
import { type Clock, compareClocks } from '../../domain/time/write-order.ts'
import { clockOf, type Fields, type RowOp } from '../core/registers.ts'
import type { RowState } from '../core/merge.ts'
import type { Known } from '../core/upgrade.ts'
import { heardOf, rowOpOf } from '../take.ts'
import type { Whole } from './wire.ts'

/**
 * Which of the columns `names`, that head office has otherwise, this machine's own journal proves: it wrote them last itself, and what
 * it wrote is what stands here. Of those head office's copy is the wrong one.
 * @throws BlockDamaged
 */
export async function provenHere(
  trx: Trx,
  known: Known,
  { table, id, clocks: there }: Whole,
  here: Pick<RowState, 'values' | 'clocks'>,
  names: readonly string[],
): Promise<Set<string>> {
  const own = trx.act.node.id
  // Without a clock it stands as it was put, by whoever minted it.
  const isOwn = (clock: Clock | null) => (clock ? clock.origin : nodeOf(id)) === own
  const lastBy = (name: string) => [here.clocks, there].map((clocks) => clockOf(clocks, registerOf(table, name)))
  const ours = names.filter((name) => name !== 'updated_at' && lastBy(name).every(isOwn))
  if (ours.length === 0) return new Set()
  const kept = (await opsAbout(trx, table, id)).flatMap((op) => rowOpOf(heardOf(op), known) ?? [])
  const latestFirst = kept.toSorted((a, b) => compareClocks(b.clock, a.clock))
  return new Set(ours.filter((name) => isSaid(latestFirst, own, name, here.values[name] ?? null)))
}

/** Whether the last of these ops that says something of a column is this node's own, and says this. */
function isSaid(latestFirst: readonly RowOp[], own: number, name: string, value: Fields[string]): boolean {
  // A put says every column; those that are null it does not name.
  const last = latestFirst.find(({ kind, after }) => kind === 'put' || name in after)
  return last?.origin === own && (last.after[name] ?? null) === value
}
