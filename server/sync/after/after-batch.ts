import { setTimeout as pause } from 'node:timers/promises'
import type { CommittedRow } from '../../../db/database.ts'
import type { Actor, Db, Trx } from '../../../db/handle.ts'
import { arrivalsAfter } from '../../../db/journal/arrivals.ts'
import { entriesBetween } from '../../../db/journal/entries.ts'
import { upsertLocal } from '../../../db/local.ts'
import type { Sync } from '../take.ts'
import { isMarked, type Marked, markDuplicates, rowsToMark, toldAbout } from './duplicates.ts'
import { settle } from './settle.ts'
import { aboutOf } from './touched.ts'

/**
 * What follows from ops of others once they are applied: duplicates are marked, owners settle, oddities become tasks. It goes by
 * what arrived, as the database has written it down in the transactions that applied it, and remembers in its own how far it has
 * come: what was cut off goes on the next time, and twice does nothing more.
 */

const BY: Actor = { actor: null, device: null, act: 'sync' }

/** In `upkeep`: how far this has come among what arrived, and at head office in its own chain (`form`: the epoch). */
const SETTLED = 'sync settled'
const OWN_SEEN = 'sync own seen'

/** Transactions that arrived, and own entries, of which one write sees to what follows. */
const ARRIVALS = 5
const ENTRIES = 500

/**
 * Sees to all that follows from what was applied so far. To be called after each batch, and when the program starts; a thousand
 * writes may lie between two calls.
 */
export async function afterBatch({ database }: Sync): Promise<void> {
  for (let more = true; more; await pause(1)) more = await settleArrivals(database)
  for (let more = true; more; await pause(1)) more = await followOwn(database)
}

type Writing = Pick<Sync['database'], 'db' | 'write'>

async function settleArrivals({ db, write }: Writing): Promise<boolean> {
  const after = (await readMark(db, SETTLED))?.after_id ?? 0
  if ((await arrivalsAfter(db, after, 1)).rows.length === 0) return false
  return await write(BY, async (trx) => {
    // Another process may have been there meanwhile.
    const from = (await readMark(trx, SETTLED))?.after_id ?? 0
    const { rows, last, isMore } = await arrivalsAfter(trx, from, ARRIVALS)
    await mark(trx, rows)
    await settle(trx, await aboutOf(trx, rows))
    await upsertLocal(trx, 'upkeep', { name: SETTLED }, { form: 'arrivals', after_id: last })
    return isMore
  })
}

/** Head office's own writes arrive nowhere: a number that was corrected there ends a duplicate too. */
async function followOwn({ db, write }: Writing): Promise<boolean> {
  const self = await db.selectFrom('self').select(['role', 'epoch', 'seq']).executeTakeFirstOrThrow()
  if (self.role !== 'head-office') return false
  const seen = await readMark(db, OWN_SEEN)
  if (seen?.form === String(self.epoch) && seen.after_id! >= self.seq) return false
  return await write(BY, async (trx) => {
    const { id: origin, epoch, seq } = trx.act.node
    const form = String(epoch)
    const last = await readMark(trx, OWN_SEEN)
    // Nobody was marked before there were others: it begins where the chain is.
    const after = last ? (last.form === form ? last.after_id! : 0) : seq
    const upTo = Math.min(seq, after + ENTRIES)
    const rows: CommittedRow[] = []
    for await (const { entity, row_id } of entriesBetween(trx, { origin, epoch, after, upTo }))
      rows.push({ entity, id: row_id })
    await mark(trx, rows)
    await upsertLocal(trx, 'upkeep', { name: OWN_SEEN }, { form, after_id: upTo })
    return upTo < seq
  })
}

async function mark(trx: Trx, rows: readonly CommittedRow[]): Promise<void> {
  if (trx.act.node.role !== 'head-office') return
  const marked = new Map<Marked, Set<number>>()
  const add = (table: Marked, ids: readonly number[]) =>
    marked.set(table, new Set([...(marked.get(table) ?? []), ...ids]))
  const byTable = Map.groupBy(rows, ({ entity }) => entity)
  const idsOf = (table: string) => (byTable.get(table) ?? []).map(({ id }) => id)
  for (const table of byTable.keys()) if (isMarked(table)) add(table, await rowsToMark(trx, table, idsOf(table)))
  for (const { table, id } of await toldAbout(trx, idsOf('task_note'))) add(table, [id])
  for (const [table, ids] of marked)
    await markDuplicates(
      trx,
      table,
      [...ids].toSorted((a, b) => a - b),
    )
}

const readMark = (db: Db, name: string) =>
  db.selectFrom('upkeep').select(['form', 'after_id']).where('name', '=', name).executeTakeFirst()
