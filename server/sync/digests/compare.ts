import { setTimeout as pause } from 'node:timers/promises'
import { originHead } from '../../../db/fleet/origin-heads.ts'
import type { Db } from '../../../db/handle.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { type Differing, MOST_NAMED_HERE } from '../../domain/fleet/differences.ts'
import { readCursors, readPosition } from '../agent/position.ts'
import { ParentRefused, ReplyBroken } from '../agent/send.ts'
import type { Sync } from '../take.ts'
import { REFUSED } from '../wire.ts'
import { type Adding, addRow, hashOf, isSame, newSum, NO_ROWS, printed, rootOf, type Sum } from './sums.ts'
import { type Read, walkRows } from './walk.ts'
import { type Asked, REPLY, type Reply } from './wire.ts'

/** A terminal compares its rows with those that head office has for it. */

/** The way to head office: gives back the body of its reply, or of a refusal. */
export type SendDigests = (body: Asked) => Promise<unknown>
export type Comparing = { sync: Sync; send: SendDigests; signal: AbortSignal }

/** Nothing was compared: something waits to be sent or heard, is put aside, or came meanwhile. */
export class NotComparable extends Error {}

export type At = Asked['at']

/** At most so many days are told of one comparison: whoever has put them right sees the others. */
const MOST_DAYS = 30

/**
 * Whether both have the same rows; where not, which days of which tables differ. Reads every row here, in slices.
 * @throws NotComparable, ParentRefused, ReplyBroken
 */
export async function compareOnce(comparing: Comparing): Promise<{ differs: Differing[]; more: boolean }> {
  const at = await standingAt(comparing.sync.database.db)
  const here = await sumsBy(comparing, undefined, ({ table }) => table)
  const reply = await askAll(comparing, at, rootOf(here))
  const found = reply.state === 'same' ? { differs: [], more: false } : await differing(comparing, at, here, reply)
  await expectStill(comparing.sync.database.db, at)
  return found
}

type Tables = Extract<Reply, { state: 'tables' }>

async function differing(comparing: Comparing, at: At, here: Sums<SyncedTable>, { tables }: Tables) {
  const differs: Differing[] = []
  let more = false
  for (const table of keysThatDiffer(here, new Map(tables))) {
    more ||= differs.length >= MOST_DAYS
    if (more) break
    const ofDays = await ask(comparing, at, { of: 'table', table }, 'days')
    const days = keysThatDiffer(await sumsBy(comparing, [table], ({ day }) => day), new Map(ofDays.days))
    const told = days.slice(0, MOST_DAYS - differs.length)
    more ||= told.length < days.length
    const own = await ownRows(comparing, table, new Set(told))
    for (const day of told)
      differs.push(counted(table, day, own.get(day) ?? new Map(), await rowsThere(comparing, at, table, day)))
  }
  // Somebody has put it right there since head office added up.
  if (differs.length === 0) throw new NotComparable('Head office has other rows by now than those that it added up')
  return { differs, more }
}

type Sums<Key> = ReadonlyMap<Key, Sum>

function keysThatDiffer<Key extends string | number>(here: Sums<Key>, there: Sums<Key>): Key[] {
  const all = [...new Set([...here.keys(), ...there.keys()])]
  const differ = all.filter((key) => !isSame(here.get(key) ?? NO_ROWS, there.get(key) ?? NO_ROWS))
  return differ.toSorted((a, b) => (a < b ? -1 : 1))
}

/** The rows of a day, by id, with their hashes. */
type Hashes = ReadonlyMap<number, string>

function counted(entity: SyncedTable, day: number, here: Hashes, there: Hashes): Differing {
  const { other, lacking, onlyHere } = apart(here, there)
  return {
    entity,
    day,
    other: other.length,
    lacking: lacking.length,
    onlyHere: onlyHere.length,
    ids: onlyHere.slice(0, MOST_NAMED_HERE),
  }
}

/** The ids of the rows that are not the same. */
export function apart(here: Hashes, there: Hashes) {
  return {
    other: [...there.keys()].filter((id) => here.has(id) && here.get(id) !== there.get(id)),
    lacking: [...there.keys()].filter((id) => !here.has(id)),
    onlyHere: [...here.keys()].filter((id) => !there.has(id)),
  }
}

async function sumsBy<Key>(
  comparing: Comparing,
  tables: readonly SyncedTable[] | undefined,
  keyOf: (row: Read) => Key,
): Promise<Map<Key, Sum>> {
  const sums = new Map<Key, Adding>()
  await walkHere(comparing, tables, (row) => {
    const key = keyOf(row)
    const sum = sums.get(key) ?? newSum()
    sums.set(key, sum)
    addRow(sum, row.digest())
  })
  return new Map([...sums].map(([key, sum]) => [key, printed(sum)]))
}

/** The rows of a table that were made on some days. */
export async function ownRows(
  comparing: Comparing,
  table: SyncedTable,
  days: ReadonlySet<number>,
): Promise<Map<number, Map<number, string>>> {
  const found = new Map<number, Map<number, string>>()
  await walkHere(comparing, [table], ({ day, id, digest }) => {
    if (!days.has(day)) return
    const rows = found.get(day) ?? new Map<number, string>()
    found.set(day, rows.set(id, hashOf(digest())))
  })
  return found
}

async function walkHere(
  { sync: { database, known }, signal }: Comparing,
  tables: readonly SyncedTable[] | undefined,
  onRow: (row: Read) => void,
) {
  const scan = database.scan()
  try {
    await walkRows({ scan, known, ...(tables && { tables }), withShares: false, signal }, onRow)
  } finally {
    scan.close()
  }
}

/** The rows of a day that head office has for this machine. */
export async function rowsThere(comparing: Comparing, at: At, table: SyncedTable, day: number): Promise<Hashes> {
  const found = new Map<number, string>()
  for (let [after, more] = [-1, true]; more;) {
    const reply = await ask(comparing, at, { of: 'day', table, day, after }, 'rows')
    for (const [id, hash] of reply.rows) found.set(id, hash)
    after = reply.rows.at(-1)?.[0] ?? after
    more = reply.more && reply.rows.length > 0
  }
  return found
}

/**
 * Where this machine stands, once nothing of it waits to be sent and nothing from elsewhere is put aside.
 * @throws NotComparable
 */
export async function standingAt(db: Db): Promise<At> {
  const { node, epoch, seq, chain, waiting, troubles } = await readPosition(db)
  const acked = await originHead(db, { origin: node, epoch })
  // What is kept back of former chains is never sent: what differs by it is to be told, not waited for.
  const isSent = waiting.ops === 0 && acked.seq === seq
  if (!isSent) throw new NotComparable('Something waits to be sent')
  if (troubles.held + troubles.quarantined + troubles.parked > 0) throw new NotComparable('Something is put aside')
  const { cursors } = await readCursors(db)
  return { epoch, seq, chain, cursors }
}

/** @throws NotComparable where something was written or heard meanwhile */
export async function expectStill(db: Db, at: At): Promise<void> {
  if (JSON.stringify(await standingAt(db)) !== JSON.stringify(at)) throw new NotComparable('Something came meanwhile')
}

/** How often it is asked again while head office adds up its rows: some minutes, in all. */
const MOST_ASKED = 60

async function askAll(comparing: Comparing, at: At, root: string) {
  for (let times = 0; times < MOST_ASKED; times++) {
    const reply = await askOnce(comparing, at, { of: 'all', root })
    if (reply.state === 'same' || reply.state === 'tables') return reply
    if (reply.state !== 'counting') throw new ReplyBroken('The reply is to another question about digests')
    await pause(reply.wait_ms, undefined, { signal: comparing.signal })
    await expectStill(comparing.sync.database.db, at)
  }
  throw new NotComparable('Head office did not come to an end of adding up')
}

/** Asks, and expects an answer of that kind. @throws NotComparable, ParentRefused, ReplyBroken */
export async function ask<State extends Reply['state']>(
  comparing: Comparing,
  at: At,
  about: Asked['about'],
  state: State,
): Promise<Extract<Reply, { state: State }>> {
  const reply = await askOnce(comparing, at, about)
  if (reply.state !== state) throw new ReplyBroken('The reply is to another question about digests')
  return reply as Extract<Reply, { state: State }> // Its state says so.
}

async function askOnce({ sync, send }: Comparing, at: At, about: Asked['about']): Promise<Reply> {
  const body = await send({ at, schema: sync.known.schema, about })
  const refused = REFUSED.safeParse(body)
  if (refused.success) throw new ParentRefused(refused.data)
  const read = REPLY.safeParse(body)
  if (!read.success) throw new ReplyBroken('The reply is none to a question about digests')
  if (read.data.state === 'not-now') throw new NotComparable(`Head office does not compare: ${read.data.reason}`)
  return read.data
}
