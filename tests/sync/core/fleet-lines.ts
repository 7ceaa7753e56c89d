import type { SyncedTable } from '../../../db/schema/schema.ts'
import { GENESIS } from '../../../server/domain/chain.ts'
import { merge as hear, receive, tick } from '../../../server/domain/time/hybrid-clock.ts'
import { homeOf } from '../../../server/sync/core/closure.ts'
import { restamp } from '../../../server/sync/core/merge.ts'
import {
  cut, type Heard, MOST_UP, placePush, printPush, printRuns, readRuns,
} from '../../../server/sync/core/op.ts' // oxfmt-ignore
import { type Clock, compareClocks } from '../../../server/domain/time/write-order.ts'
import { pick } from '../../../server/sync/core/registers.ts'
import { clockOfHeard } from '../../../server/sync/core/transaction.ts'
import {
  atOf, blankAt, COLUMNS, type Fleet, hashOf, HEAD_OFFICE, keep, nameOf, NEWER, type Node, opsOf, release, rowOpOf, sha256, take,
} from './fleet.ts' // oxfmt-ignore
import { linkPush, readPush } from './whole-push.ts'

/** How ops go up and come down between the nodes of a fleet, over lines that lose, double and cut. */

/** `lost`: the request or its reply does not arrive. `most`: where the line is cut, in ops. `again`: sent twice. */
export type Line = { lost: 'request' | 'reply' | null; most: number; again: boolean }
export const GOOD: Line = { lost: null, most: MOST_UP, again: false }

/** One push, as the hub answers it. */
export function push(fleet: Fleet, node: Node, { lost, most, again }: Line = GOOD): void {
  const waiting = node.journal.slice(node.acked)
  if (waiting.length === 0 || lost === 'request' || node.id === HEAD_OFFICE) return
  const entries = waiting.slice(
    0,
    cut(waiting, Math.max(1, most), () => 300),
  )
  const body: unknown = JSON.parse(JSON.stringify(printPush(node.journal[node.acked - 1]?.chain ?? GENESIS, entries)))
  const reply = atHub(fleet, node.id, body)
  if (again) atHub(fleet, node.id, body)
  if (lost === 'reply') return
  node.acked = reply.acked
  if (!fleet.faults.has('origin not told')) for (const [seq, stamp] of reply.stamps) tell(node, seq, stamp)
}

function atHub(fleet: Fleet, origin: number, body: unknown): { acked: number; stamps: [seq: number, stamp: string][] } {
  const root = fleet.nodes[HEAD_OFFICE]!
  const read = readPush(origin, body)
  if (!read.ok) throw new Error(`${read.reason}: ${read.detail}`)
  const entries = linkPush(sha256, read.value)
  if (!entries) throw new Error('Another chain')
  const chain = fleet.chains.get(origin) ?? []
  fleet.chains.set(origin, chain)
  const head = { seq: chain.length, chain: chain.at(-1)?.chain ?? GENESIS }
  const placed = placePush(head, read.value, entries, (seq) => (seq === 0 ? GENESIS : chain[seq - 1]?.chain))
  if (placed.state !== 'news') throw new Error(`The chain of ${origin} has a ${placed.state}`)
  for (const tx of Map.groupBy(placed.entries, (entry) => entry.tx).values()) {
    const heard = tx.map((entry): Heard => {
      chain.push(entry)
      const { hlc, stamp } = receive(root.hlc, entry.hlc, atOf(fleet, root), hashOf(root.id))
      root.hlc = hlc
      fleet.stamps.set(`${origin} ${entry.seq}`, stamp)
      const { chain: _, ...op } = entry
      return { op: { ...op, digest: op.salt === null ? op.digest : null }, stamp }
    })
    take(fleet, root, heard)
    release(fleet, root)
  }
  const judged = entries.map(({ seq }) => [seq, fleet.stamps.get(`${origin} ${seq}`)!] as [number, string])
  // No further than this push, though head office may have more: of that its reply would not tell the stamps.
  return {
    acked: entries.at(-1)!.seq,
    stamps: judged.filter(([seq, stamp]) => stamp !== entries[seq - entries[0]!.seq]!.hlc),
  }
}

/** A node is told that one of its ops was judged by another stamp. */
function tell(node: Node, seq: number, stamp: string) {
  const { chain: _, ...entry } = node.journal[seq - 1]!
  const op = rowOpOf(node, { op: entry, stamp })
  if (!op) return
  const name = nameOf(op.entity, op.row_id)
  const former = { ...op.clock, stamp: entry.hlc }
  const others = opsOf(node, op.entity, op.row_id).filter(({ clock }) => clock.origin !== node.id || clock.seq !== seq)
  const erased = node.erased.get(name)
  const isGone = erased !== undefined && compareClocks(op.clock, erased) < 0
  if (isGone) blankAt(node.journal, seq)
  node.ops.set(name, isGone ? others : [...others, op])
  const row = node.rows.get(name)!
  node.rows.set(name, restamp(row, op, former, node.known.columns.get(op.entity)!, others).row)
}

/** One pull: what is new of `org` to its head, then of the store as far as the line lasts. */
export function pull(fleet: Fleet, node: Node, { lost, most, again }: Line = GOOD): void {
  if (node.id === HEAD_OFFICE || lost) return
  for (const stream of ['org', `store:${node.store}`] as const) {
    const from = node.cursors.get(stream) ?? 0
    const news = (fleet.feed.get(stream) ?? []).slice(from)
    const count = stream === 'org' || news.length === 0 ? news.length : wholeUpTo(news, most)
    const read = readRuns(JSON.parse(JSON.stringify(printRuns(news.slice(0, count)))))
    if (!read.ok) throw new Error(read.detail)
    for (let times = again ? 2 : 1; times > 0; times--) hearAll(fleet, node, read.value)
    node.cursors.set(stream, from + count)
  }
}

function wholeUpTo(news: readonly Heard[], most: number) {
  let count = Math.min(Math.max(1, most), news.length)
  const isOne = (a: Heard, b: Heard) => a.op.origin === b.op.origin && a.op.tx === b.op.tx
  while (count < news.length && isOne(news[count - 1]!, news[count]!)) count++
  return count
}

function hearAll(fleet: Fleet, node: Node, heard: readonly Heard[]) {
  let tx: Heard[] = []
  const flush = () => {
    if (tx.length > 0) take(fleet, node, tx)
    tx = []
    release(fleet, node)
  }
  for (const one of heard) {
    node.hlc = hear(node.hlc, one.stamp, atOf(fleet, node), hashOf(node.id))
    if (one.op.origin === node.id || !isTaken(fleet, node, one)) continue
    const last = tx.at(-1)
    if (last && (last.op.origin !== one.op.origin || last.op.tx !== one.op.tx)) flush()
    tx.push(misjudged(fleet, node, one))
  }
  flush()
}

/** What a planted mistake makes of the clock of an op that comes down. */
function misjudged({ faults, now }: Fleet, node: Node, one: Heard): Heard {
  if (faults.has('winner by arrival')) return { ...one, stamp: tick(node.hlc, now, hashOf(one.op.origin)) }
  if (!faults.has('clamp at receivers')) return one
  return { ...one, stamp: receive(null, one.stamp, Math.max(0, now + node.off), hashOf(node.id)).stamp }
}

/** Whether a planted mistake leaves an op out. */
function isTaken({ faults }: Fleet, node: Node, one: Heard): boolean {
  const op = rowOpOf(node, one)
  const row = op && node.rows.get(nameOf(op.entity, op.row_id))
  if (!op || !row || op.kind !== 'patch') return true
  if (
    faults.has('equal write is no op') &&
    Object.entries(op.after).every(([name, value]) => row.values[name] === value)
  )
    return false
  const holders = Object.values(row.clocks.registers)
  const isTie = (clock: Clock) => clock.origin === node.id && clock.stamp.slice(0, 17) === one.stamp.slice(0, 17)
  return !faults.has('tie kept local') || !holders.some(isTie)
}

/** The older program is replaced: columns that it did not have are empty, and what was parked is read again. */
export function upgradeAll(fleet: Fleet): void {
  for (const node of fleet.nodes) {
    if (node.known.schema === NEWER) continue
    node.known = { schema: NEWER, columns: COLUMNS, steps: [] }
    for (const [name, row] of node.rows) {
      const columns = COLUMNS.get(name.split(' ')[0] as SyncedTable)!
      const names = [...columns.keys()].filter((column) => column !== 'id')
      node.rows.set(name, { ...row, values: pick(row.values, names) })
    }
    const inOrder = node.parked.splice(0).toSorted(([a], [b]) => compareClocks(clockOfHeard(a!), clockOfHeard(b!)))
    for (const tx of inOrder) {
      for (const one of tx) readAgain(node, one)
      take(fleet, node, tx)
    }
  }
}

/** What is kept of an op is read again, with the columns that are known now. */
function readAgain(node: Node, one: Heard) {
  const name = nameOf(one.op.entity, one.op.row_id)
  const clock = clockOfHeard(one)
  node.ops.set(
    name,
    (node.ops.get(name) ?? []).filter((op) => compareClocks(op.clock, clock) !== 0),
  )
  keep(node, one)
}

/** Good lines for as long as anything is under way. */
export function drain(fleet: Fleet): void {
  for (let round = 0; round < 6; round++)
    for (const node of fleet.nodes) for (const way of [push, pull]) way(fleet, node)
}

/** Rows that a node is to have, by what head office has in its streams. */
export function belongs(fleet: Fleet, node: Node, name: string): boolean {
  const row = fleet.nodes[HEAD_OFFICE]!.rows.get(name)
  if (!row) return false
  const [entity] = name.split(' ')
  const streams = [homeOf(entity as SyncedTable, row.values), ...(fleet.shared.get(name) ?? [])]
  return streams.includes('org') || streams.includes(`store:${node.store}`)
}
