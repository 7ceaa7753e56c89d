import { readConflicts, saveConflicts } from '../../../db/fleet/conflicts.ts'
import { noteRevived, saveErased } from '../../../db/fleet/erased.ts'
import type { OpPlace } from '../../../db/fleet/feed.ts'
import type { Trx } from '../../../db/handle.ts'
import { blankHeard } from '../../../db/fleet/heard.ts'
import { eraseAt } from '../../../db/journal/erase.ts'
import { lastInJournal } from '../../../db/journal/entries.ts'
import { archivedAbout, keptAbout } from '../../../db/journal/ops.ts'
import { deleteLocal } from '../../../db/local.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { eraseDrafts } from '../../shop/trade-ins/unshown-photos.ts'
import { type Clock, compareClocks } from '../../domain/time/write-order.ts'
import type { Heard } from '../core/op.ts'
import type { Decision, RowKey } from '../core/transaction.ts'
import type { Erasure } from '../core/upgrade.ts'

/** What was erased at head office goes here too, and stays gone: what was written before and comes later comes without its words. */

/**
 * Takes away all that was said of rows before the erasure: in this machine's own chains, which say so, in what it heard of others
 * and in what lost; and for people what lets them in here. What is left of the rows comes with puts that state them anew.
 */
export async function hearErasure(
  trx: Trx,
  { rows }: Extract<Erasure, { rows: unknown }>,
  clock: Clock,
): Promise<void> {
  for (const [table, ids] of Object.entries(rows))
    for (const row_id of ids) {
      const entity = table as SyncedTable // The keys of `rows`.
      await eraseRow(trx, { entity, row_id }, clock)
      await saveErased(trx, entity, row_id, clock)
    }
}

async function eraseRow(trx: Trx, { entity, row_id }: RowKey, clock: Clock) {
  const isBefore = (one: Clock) => compareClocks(one, clock) < 0
  const kept = [...(await keptAbout(trx, entity, row_id)), ...(await archivedAbout(trx, entity, row_id))]
  const said = kept.filter(
    ({ origin, epoch, seq, stamp, hlc, salt }) =>
      salt !== null && isBefore({ stamp: stamp ?? hlc, origin, epoch, seq }),
  )
  await forgetBodies(trx, said)
  const lost = (await readConflicts(trx, entity, row_id)).filter((conflict) => isBefore(conflict.lost.clock))
  await saveConflicts(trx, { conflicts: [], settled: lost })
  await eraseOwn(trx, entity, row_id)
}

/** Takes the words out of ops that are kept here: of those in the journal it is said there. */
async function forgetBodies(trx: Trx, ops: readonly OpPlace[]) {
  for (const [, chain] of Map.groupBy(ops, ({ origin, epoch }) => `${origin} ${epoch}`)) {
    const { origin, epoch } = chain[0]!
    const last = await lastInJournal(trx, { origin, epoch })
    const [journaled, heard] = [chain.filter(({ seq }) => seq <= last), chain.filter(({ seq }) => seq > last)]
    await eraseAt(
      trx,
      journaled.map(({ seq }) => ({ origin, epoch, seq })),
    )
    // A machine that was restored has the last entries of an earlier chain of its own as others wrote them.
    await blankHeard(trx, { origin, epoch, seqs: heard.map(({ seq }) => seq) })
  }
}

/** What this machine alone has of a person, a repair or a request. */
async function eraseOwn(trx: Trx, entity: SyncedTable, row_id: number) {
  if (entity === 'user') {
    const carts = await trx.selectFrom('cart').select('id').where('user_id', '=', row_id).execute()
    for (const { id } of carts) await deleteLocal(trx, 'cart_item', { cart_id: id })
    for (const table of ['cart', 'credential', 'session', 'claim_code', 'idempotency_key'] as const)
      await deleteLocal(trx, table, { user_id: row_id })
  }
  if (entity === 'repair_order') {
    await deleteLocal(trx, 'passcode', { order_id: row_id })
    await eraseDrafts(trx, { order_id: row_id })
  }
  if (entity === 'pickup_request') await eraseDrafts(trx, { pickup_id: row_id })
}

/**
 * Once a transaction is here that says anything of rows that were erased: the words of what was written before go at once, though
 * it may not be applied, and rows of which somebody wrote on, not knowing, are noted, to be erased again. Returns the ops that have
 * their words.
 */
export async function keepErased(
  trx: Trx,
  heard: readonly Heard[],
  { blank, revived }: Pick<Extract<Decision, { state: 'apply' }>, 'blank' | 'revived'>,
): Promise<readonly Heard[]> {
  for (const { entity, row_id } of revived) await noteRevived(trx, entity, row_id)
  if (blank.length === 0) return heard
  const isBlank = ({ op }: Heard) => blank.includes(op.seq)
  await forgetBodies(
    trx,
    heard.filter(isBlank).map(({ op }) => op),
  )
  return heard.filter((one) => !isBlank(one))
}
