import type { Actor, Trx } from '../../../db/handle.ts'
import { opsOfTransaction } from '../../../db/journal/ops.ts'
import { upsertLocal } from '../../../db/local.ts'
import { readRowState } from '../../../db/row-states.ts'
import {
  keepSince,
  lift,
  parkedTransactions,
  rowsWaitedFor,
  type TransactionKey,
  troublesOf,
  unpark,
  waitingAs,
} from '../../../db/fleet/waiting.ts'
import { compareClocks } from '../../domain/time/write-order.ts'
import { clockOfHeard, type Decision, type RowKey } from '../core/transaction.ts'
import type { Known } from '../core/upgrade.ts'
import { publishOwn } from '../publish.ts'
import { sideHere } from '../sides.ts'
import { asKept, asLetIn, decideHere, heardOf, keptTransaction, type Sync, take, takeReleased } from '../take.ts'

/** What waits is decided once more: because somebody asks, because the program is newer, or because rows came past the line. */

const BY: Actor = { actor: null, device: null, act: 'sync' }

/** How far the program has decided anew what its former version could not: the table `upkeep`. */
const DECIDED_BY = 'sync decided anew'

/**
 * Once after each update: what is parked is read again in the order of the clocks, and what is quarantined is decided anew. What a
 * transaction waits for and is here by now releases it. To be called when the program starts.
 */
export async function decideAllAnew(sync: Sync): Promise<void> {
  const { database, known } = sync
  const form = String(known.schema)
  const decided = database.db.selectFrom('upkeep').select('form').where('name', '=', DECIDED_BY)
  if ((await decided.executeTakeFirst())?.form !== form) {
    await readParked(sync)
    for (const key of await troublesOf(database.db))
      if (key.state === 'quarantined') await database.write(BY, (trx) => decideAnew(trx, known, key))
    await database.write(BY, (trx) => upsertLocal(trx, 'upkeep', { name: DECIDED_BY }, { form, after_id: null }))
  }
  await releaseWhatCame(sync)
}

/** At head office own writes go into the streams before anything that is applied. */
export async function publishBefore(trx: Trx, known: Known): Promise<void> {
  if (trx.act.node.role === 'head-office') while (await publishOwn(trx, known));
}

/** Decides a held or quarantined transaction by what is here now; null for one that does not wait. */
export async function decideAnew(trx: Trx, known: Known, key: TransactionKey): Promise<Decision['state'] | null> {
  const waiting = await waitingAs(trx, key)
  if (!waiting) return null
  await publishBefore(trx, known)
  if (waiting.state === 'parked') return await readAgain(trx, known, key)
  await lift(trx, key)
  const side = await sideHere(trx, known)
  const as = waiting.state === 'held' ? asLetIn(side) : asKept(side)
  const decision = await take(trx, known, await keptTransaction(trx, key), as)
  if (decision.state === 'quarantine' && waiting.since !== null) await keepSince(trx, key, waiting.since)
  return decision.state
}

/** Each among the known ops of its rows, the one with the earlier clock first. */
async function readParked({ database, known }: Sync): Promise<void> {
  const parked = []
  for (const key of await parkedTransactions(database.db)) {
    const [first] = await opsOfTransaction(database.db, key, 1)
    parked.push({ key, clock: clockOfHeard(heardOf(first!)) })
  }
  for (const { key } of parked.toSorted((a, b) => compareClocks(a.clock, b.clock)))
    await database.write(BY, async (trx) => {
      await publishBefore(trx, known)
      await readAgain(trx, known, key)
    })
}

/**
 * Reads a transaction anew of which something was parked. Some of it was applied already, so that it is never held or quarantined
 * as a whole: what may not be applied yet stays parked.
 */
async function readAgain(trx: Trx, known: Known, key: TransactionKey): Promise<Decision['state']> {
  const [heard, side] = [await keptTransaction(trx, key), asLetIn(await sideHere(trx, known))]
  const { state } = await decideHere(trx, known, heard, side)
  if (state !== 'apply') return state
  await unpark(trx, key)
  await take(trx, known, heard, side)
  return state
}

/** Rows of which it is asked at once whether they are here. */
const BATCH = 200

/** Whatever waits for a row that is here by now: one that head office wrote itself came by no line. */
async function releaseWhatCame(sync: Sync): Promise<void> {
  const { database } = sync
  let after = { entity: '', row_id: -1 }
  for (;;) {
    const rows = await rowsWaitedFor(database.db, after, BATCH)
    const here: RowKey[] = []
    for (const key of rows) if (await readRowState(database.db, key.entity, key.row_id)) here.push(key)
    await releaseFor(sync, here)
    if (rows.length < BATCH) return
    after = rows.at(-1)!
  }
}

/** Takes what waits for rows that are here by now. */
export async function releaseFor({ database, known }: Sync, rows: readonly RowKey[]): Promise<void> {
  if (rows.length === 0) return
  await database.write(BY, async (trx) => {
    await publishBefore(trx, known)
    await takeReleased(trx, known, rows, await sideHere(trx, known))
  })
}
