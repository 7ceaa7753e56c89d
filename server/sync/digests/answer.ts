import { countTroubles } from '../../../db/fleet/waiting.ts'
import { originHead } from '../../../db/fleet/origin-heads.ts'
import { sharesOf, streamHead } from '../../../db/fleet/feed.ts'
import { readRowState } from '../../../db/row-states.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { homeOf } from '../core/closure.ts'
import { publishAll } from '../hub/publish-all.ts'
import type { KnownNode } from '../node-tokens.ts'
import type { Sync } from '../take.ts'
import type { OfficeCounts } from './office-counts.ts'
import { type Adding, addRow, hashOf, isSame, newSum, NO_ROWS, printed, rootOf } from './sums.ts'
import { type Read, walkRows } from './walk.ts'
import { type Asked, MOST_NAMED, type NOT_NOW, type Reply, type Whole } from './wire.ts'

/** Head office says what its rows for a node come to. Rows that the node does not hear are in no answer, whatever it asks for. */

export type Asking = { sync: Sync; counts: OfficeCounts; signal: AbortSignal }
type Reason = (typeof NOT_NOW)[number]
type About<Of extends Asked['about']['of']> = Extract<Asked['about'], { of: Of }>

/** Answers as of where the node stands; where head office moves on meanwhile, there is no answer. */
export async function answerDigests(asking: Asking, node: KnownNode, asked: Asked): Promise<Reply> {
  const { sync } = asking
  const before = await whyNot(sync, node, asked)
  if (before) return { state: 'not-now', reason: before }
  const reply = await answer(asking, node, asked)
  const after = await whyNot(sync, node, asked)
  return after ? { state: 'not-now', reason: after } : reply
}

/** Why the rows of both sides are not to be the same by now; null where they are. */
async function whyNot(sync: Sync, node: KnownNode, { at, schema }: Asked): Promise<Reason | null> {
  if (schema !== sync.known.schema) return 'other-program'
  await publishAll(sync)
  const { db } = sync.database
  const head = await originHead(db, { origin: node.id, epoch: at.epoch })
  if (head.seq !== at.seq || (at.seq > 0 && head.chain !== at.chain)) return 'unsent'
  for (const [stream, cursor] of [['org', at.cursors.org], [`store:${node.store_id}`, at.cursors.store]] as const) {
    const { seq, mark } = await streamHead(db, stream)
    if (seq !== cursor.seq || mark !== cursor.mark) return 'behind'
  } // oxfmt-ignore
  return (await countTroubles(db, node.id)) > 0 ? 'aside' : null
}

async function answer(asking: Asking, node: KnownNode, { about }: Asked): Promise<Reply> {
  switch (about.of) {
    case 'all':
      return await answerAll(asking, node, about)
    case 'table':
      return await answerTable(asking, node, about)
    case 'day':
      return await answerDay(asking, node, about)
    case 'rows':
      return await answerRows(asking, node, about)
  }
}

async function answerAll({ counts }: Asking, { store_id }: KnownNode, { root }: About<'all'>): Promise<Reply> {
  const sums = await counts.of(store_id)
  if ('waitMs' in sums) return { state: 'counting', wait_ms: sums.waitMs }
  if (rootOf(sums) === root) return { state: 'same' }
  return { state: 'tables', tables: [...sums].filter(([, sum]) => !isSame(sum, NO_ROWS)) }
}

async function answerTable(asking: Asking, node: KnownNode, { table }: About<'table'>): Promise<Reply> {
  const days = new Map<number, Adding>()
  await walkOwn(asking, node, table, (row) => {
    const sum = days.get(row.day) ?? newSum()
    days.set(row.day, sum)
    addRow(sum, row.digest())
  })
  return { state: 'days', days: [...days].map(([day, sum]) => [day, printed(sum)]) }
}

async function answerDay(asking: Asking, node: KnownNode, { table, day, after }: About<'day'>): Promise<Reply> {
  const rows: [number, string][] = []
  let more = false
  await walkOwn(asking, node, table, (row) => {
    if (row.day !== day || row.id <= after) return
    if (rows.length < MOST_NAMED) rows.push([row.id, hashOf(row.digest())])
    else more = true
  })
  return { state: 'rows', rows, more }
}

/** The rows of a table that the machines of the node's store have. */
async function walkOwn(
  { sync: { database, known }, signal }: Asking,
  { store_id }: KnownNode,
  table: SyncedTable,
  onRow: (row: Read) => void,
) {
  const scan = database.scan()
  try {
    await walkRows({ scan, known, tables: [table], withShares: true, signal }, (row) => {
      if (isHeardBy(row.streams, store_id)) onRow(row)
    })
  } finally {
    scan.close()
  }
}

const isHeardBy = (streams: readonly string[], store: number) =>
  streams.some((stream) => stream === 'org' || stream === `store:${store}`)

/** An answer ends behind the row with which it is longer than this, in characters: signatures and pictures stand in rows. */
const LONGEST = 4 * 1024 * 1024

async function answerRows({ sync }: Asking, node: KnownNode, { rows }: About<'rows'>): Promise<Reply> {
  const whole: Whole[] = []
  let [read, length] = [0, 0]
  for (const [table, id] of rows) {
    const row = await wholeRow(sync, node, table, id)
    read++
    if (!row) continue
    whole.push(row)
    length += JSON.stringify(row.values).length
    if (length > LONGEST) break
  }
  return { state: 'whole', whole, read }
}

async function wholeRow({ database: { db } }: Sync, node: KnownNode, table: SyncedTable, id: number) {
  const row = await readRowState(db, table, id)
  if (!row) return null
  const streams = [homeOf(table, row.values), ...(await sharesOf(db, table, id))]
  if (!isHeardBy(streams, node.store_id)) return null
  return { table, id, values: row.values, clocks: row.clocks }
}
