import { applyInTurns } from '../../../db/applied.ts'
import { isHeard } from '../../../db/fleet/heard.ts'
import type { Trx } from '../../../db/handle.ts'
import { lastInJournal } from '../../../db/journal/entries.ts'
import { type Heard, readRuns } from '../core/op.ts'
import type { OfficeSeal } from '../office-seal.ts'
import { publishApplied, publishOwn } from '../publish.ts'
import { type Side, type Sync, take } from '../take.ts'
import { type Refused, RETURNED, type ReturnedReply } from '../wire.ts'
import { BY, publishAll } from './publish-all.ts'

/**
 * Head office, restored, is told what it had said itself after the backup was made: by the nodes that have heard it, each as far as it
 * did. It is taken like what others said, under the clocks of then, and kept in `heard`: the chain that it was part of has ended.
 */
export async function takeReturned(sync: Sync, body: unknown, seal: OfficeSeal): Promise<ReturnedReply | Refused> {
  const asked = RETURNED.safeParse(body)
  if (!asked.success) return { error: 'malformed', detail: 'The body gives nothing back' }
  const read = readRuns(asked.data.ops)
  if (!read.ok) return { error: read.reason, detail: read.detail }
  const { seals } = asked.data
  if (read.value.length !== seals.length) return { error: 'malformed', detail: 'Each op has one seal' }
  if (!read.value.every((heard, index) => seal.isOf(heard, seals[index]!)))
    return { error: 'seal', detail: 'Head office has not said this' }
  await publishAll(sync)
  const transactions = [...Map.groupBy(read.value, ({ op }) => `${op.epoch} ${op.tx}`).values()]
  let taken = 0
  await applyInTurns(sync.database, BY, transactions, async (trx, heard) => {
    const lost = await lostOf(trx, heard)
    if (lost.length === 0) return
    while (await publishOwn(trx, sync.known));
    await take(trx, sync.known, lost, ofItself(trx, sync))
    taken += lost.length
  })
  return { taken }
}

/** Those of its own that neither its journal has nor anybody has given back so far. */
async function lostOf(trx: Trx, heard: readonly Heard[]): Promise<Heard[]> {
  const { node } = trx.act
  const lost: Heard[] = []
  for (const one of heard) {
    const { origin, epoch, seq } = one.op
    if (origin !== node.id || epoch >= node.epoch) continue
    if (seq > (await lastInJournal(trx, { origin, epoch })) && !(await isHeard(trx, one.op))) lost.push(one)
  }
  return lost
}

const ofItself = (trx: Trx, { known }: Sync): Side => ({
  entries: null,
  shutOut: () => null,
  refusal: () => () => null,
  onApplied: (heard, befores) => publishApplied(trx, known, heard, befores),
})
