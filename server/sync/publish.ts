import type { Trx } from '../../db/handle.ts'
import { addShare, appendFeed, type OpPlace, sharesOf } from '../../db/fleet/feed.ts'
import { ownChains } from '../../db/journal/begin-epoch.ts'
import { entriesBetween } from '../../db/journal/entries.ts'
import { opsAbout } from '../../db/journal/ops.ts'
import { moveOriginHead, originHead } from '../../db/fleet/origin-heads.ts'
import type { SyncedTable } from '../../db/schema/schema.ts'
import { entering, type Stream, type Streams, worksHere } from './core/closure.ts'
import { compareClocks } from '../domain/time/write-order.ts'
import { type Lookups, openLookups } from './lookups.ts'
import type { RowState } from './core/merge.ts'
import type { Heard } from './core/op.ts'
import { type Fields, pick, type RowOp } from './core/registers.ts'
import { heardOf, nameOf, rowOpOf, rowsHere, settleOwn } from './take.ts'
import type { RowKey } from './core/transaction.ts'
import type { Known } from './core/upgrade.ts'

/** Puts what head office has applied, and what it wrote itself, into the streams that nodes hear. */

/** What a row was before and after a transaction: the core asks for it to know of which stream the row is, and was. */
type Around = { before(op: RowOp): Fields | null; after(entity: SyncedTable, row_id: number, row: RowState): RowState }

/** Puts a transaction of another node that was applied into the streams. `befores` are the values that its rows had. */
export async function publishApplied(
  trx: Trx,
  known: Known,
  heard: readonly Heard[],
  befores: ReadonlyMap<string, Fields | null>,
): Promise<void> {
  const seen = new Set<string>()
  const lookups = openLookups()
  const here = rowsHere(trx, known, lookups)
  const before = (op: RowOp) => {
    const name = nameOf(op)
    const isFirst = !seen.has(name)
    seen.add(name)
    const now = () => here.row(op.entity, op.row_id)?.values ?? null
    return isFirst && befores.has(name) ? befores.get(name)! : now()
  }
  await publish(trx, known, heard, { before, after: (_entity, _id, row) => row }, lookups)
}

async function publish(
  trx: Trx,
  known: Known,
  heard: readonly Heard[],
  { before, after }: Around,
  lookups: Lookups,
): Promise<void> {
  const here = rowsHere(trx, known, lookups)
  const added = new Map<string, Stream[]>()
  const sharedIn: Streams['sharedIn'] = (entity, row_id) => {
    const name = nameOf({ entity, row_id })
    const kept = lookups.get(`share ${name}`, () => sharesOf(trx, entity, row_id)) as Stream[] // As they are written below.
    return [...new Set([...kept, ...(added.get(name) ?? [])])]
  }
  const row: Streams['row'] = (entity, row_id) => {
    const state = here.row(entity, row_id)
    return state && after(entity, row_id, state)
  }
  const news = new Map<Stream, { inFront: Map<string, RowKey>; own: OpPlace[] }>()
  const newsOf = (stream: Stream) => {
    const list = news.get(stream) ?? { inFront: new Map<string, RowKey>(), own: [] }
    news.set(stream, list)
    return list
  }
  for (const one of heard) {
    const { origin, epoch, seq } = one.op
    if (one.op.kind === 'erase') newsOf('org').own.push({ origin, epoch, seq })
    const op = rowOpOf(one, known)
    if (!op) continue
    const former = await lookups.run(() => before(op))
    for (const { stream, inFront, shared } of await lookups.run(() =>
      entering(op, former, { row, sharedIn, opsOf: here.history }),
    )) {
      const { inFront: all, own } = newsOf(stream)
      for (const key of inFront) all.set(nameOf(key), key)
      for (const { entity, row_id } of shared) {
        await addShare(trx, entity, row_id, stream)
        const name = nameOf({ entity, row_id })
        added.set(name, [...(added.get(name) ?? []), stream])
      }
      own.push({ origin, epoch, seq })
    }
  }
  for (const [stream, { inFront, own }] of news) {
    const front = await placesOf(trx, known, [...inFront.values()], own)
    await appendFeed(trx, stream, [...front, ...own])
  }
}

/** Where the ops of rows lie that come in front of `own`, in the order of their clocks row by row. */
async function placesOf(trx: Trx, known: Known, rows: readonly RowKey[], own: readonly OpPlace[]): Promise<OpPlace[]> {
  const placeOf = ({ origin, epoch, seq }: OpPlace) => `${origin} ${epoch} ${seq}`
  const comes = new Set(own.map(placeOf))
  const places: OpPlace[] = []
  for (const { entity, row_id } of rows) {
    const ops = (await opsAbout(trx, entity, row_id)).map(heardOf).filter((heard) => rowOpOf(heard, known))
    const ordered = ops.toSorted((a, b) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : a.op.seq - b.op.seq))
    places.push(...ordered.map(({ op }) => op).filter((op) => !comes.has(placeOf(op))))
  }
  return places
}

/** Entries of head office's own that are put into the streams at once, and for how long, in ms: others wait to write meanwhile. */
const BATCH = 500
const BATCH_MS = 50

/**
 * Puts what head office itself has written since into the streams; returns whether there is more. Nothing that comes is applied
 * before: the streams have everything in the order in which it happened here.
 */
export async function publishOwn(trx: Trx, known: Known): Promise<boolean> {
  const next = await nextToPublish(trx)
  if (!next) return false
  const { origin, epoch, done, isLast } = next
  const batch: Heard[] = []
  let isMore = false
  for await (const entry of entriesBetween(trx, { origin, epoch, after: done })) {
    isMore = batch.length >= BATCH && batch.at(-1)!.op.tx !== entry.tx
    if (isMore) break
    batch.push(heardOf(entry))
  }
  const began = performance.now()
  for (const ops of Map.groupBy(batch, ({ op }) => op.tx).values()) {
    await settleOwn(trx, known, ops)
    const lookups = openLookups()
    await publish(trx, known, ops, aroundOwn(trx, known, lookups, ops), lookups)
    const { seq } = ops.at(-1)!.op
    const isOver = performance.now() - began >= BATCH_MS && seq < batch.at(-1)!.op.seq
    await moveOriginHead(trx, { origin, epoch }, { seq, chain: '' })
    if (isOver) return true
  }
  return isMore || !isLast
}

/**
 * The chain of head office's own of which something is in no stream yet, and how far it is there: the present one, or of a shop that
 * was restored before it became head office those that the restores ended, which come first.
 */
async function nextToPublish(trx: Trx) {
  const { id: origin, epoch, seq } = trx.act.node
  const { seq: done } = await originHead(trx, { origin, epoch })
  if (done >= seq) return null
  if (done === 0)
    for (const former of (await ownChains(trx)).slice(0, -1)) {
      const { seq: before } = await originHead(trx, { origin, epoch: former.epoch })
      if (before < former.seq) return { origin, epoch: former.epoch, done: before, isLast: false }
    }
  return { origin, epoch, done, isLast: true }
}

/** What says of which stream somebody is. */
const ROLE = ['role', 'is_staff']

/**
 * Rows may have been written on since: of what decides their stream, a transaction's next own op says what it was then. Only people
 * ever change theirs.
 */
function aroundOwn(trx: Trx, known: Known, lookups: Lookups, ops: readonly Heard[]): Around {
  const here = rowsHere(trx, known, lookups)
  const last = ops.at(-1)!.op
  const after: Around['after'] = (entity, row_id, row) => {
    if (entity !== 'user') return row
    const isLater = ({ origin, clock, before }: RowOp) =>
      origin === trx.act.node.id &&
      (clock.epoch > last.epoch || (clock.epoch === last.epoch && clock.seq > last.seq)) &&
      before !== null &&
      'role' in before
    const [next] = here
      .history(entity, row_id)
      .filter(isLater)
      .toSorted((a, b) => a.clock.epoch - b.clock.epoch || a.clock.seq - b.clock.seq)
    return next ? { ...row, values: { ...row.values, ...pick(next.before!, ROLE) } } : row
  }
  const before: Around['before'] = (op) => {
    const row = here.row(op.entity, op.row_id)
    if (!row || op.kind === 'put') return null
    const { values } = after(op.entity, op.row_id, row)
    return { ...values, ...(op.entity === 'user' ? asItWas(op, here.history(op.entity, op.row_id)) : op.before) }
  }
  return { before, after }
}

/**
 * What an op says that it replaces of a person. Where head office states a role once more over what a node had said and was not
 * believed, that is nothing that anybody heard: of nobody else is it known that they ever worked.
 */
function asItWas({ clock, before }: RowOp, history: readonly RowOp[]): Fields | null {
  if (!before || !worksHere(before)) return before
  const isEarlier = (other: RowOp) => compareClocks(other.clock, clock) < 0
  const hasWorked = history.some((other) => isEarlier(other) && worksHere(other.after))
  return hasWorked ? before : { ...before, role: 'customer', is_staff: 0 }
}
