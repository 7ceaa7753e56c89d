import { hash } from 'node:crypto'
import { executeNoResult } from '../engines/direct.ts'
import { chunksOf, insertSql, parametersOf, run } from '../engines/sql-text.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import type { FeedTable, KeptFeedTable } from '../schema/fleet-tables.ts'
import type { SyncedTable } from '../schema/schema.ts'

/** What head office has in its streams, in the order in which nodes hear it. Where an op lies is said; the op is in the journal. */

/** Where an op lies. */
export type OpPlace = { origin: number; epoch: number; seq: number }

/** How far a stream has come: `{ seq: 0, mark: '' }` before its first op. */
export type Cursor = { seq: number; mark: string }
export const NOTHING_HEARD: Cursor = { seq: 0, mark: '' }

/** The cursor behind one more op. A mark follows from all ops before it: two streams with one mark are the same so far. */
export function cursorAfter({ seq, mark }: Cursor, { origin, epoch, seq: op_seq }: OpPlace): Cursor {
  return { seq: seq + 1, mark: hash('sha256', `${mark} ${origin} ${epoch} ${op_seq}`).slice(0, 16) }
}

const COLUMNS = ['stream', 'seq', 'origin', 'epoch', 'op_seq', 'mark', 'at'] as const

/** Puts ops at the end of a stream: their numbers have no gaps, and none is given out by a transaction that is not committed. */
export async function appendFeed(trx: Trx, stream: string, places: readonly OpPlace[]): Promise<void> {
  if (places.length === 0) return
  let cursor = await streamHead(trx, stream)
  const rows = places.map((place): KeptFeedTable => {
    cursor = cursorAfter(cursor, place)
    const { origin, epoch, seq: op_seq } = place
    return { stream, ...cursor, origin, epoch, op_seq, at: trx.act.now }
  })
  for (const batch of chunksOf(rows)) {
    const values = batch.flatMap((row) => COLUMNS.map((column) => row[column]))
    const text = insertSql(trx.engine, 'feed', COLUMNS, batch.length)
    await executeNoResult(trx[QUERY], text, parametersOf(trx.engine, values, {}))
  }
  await saveCursor(trx, 'stream_head', stream, cursor)
}

/** Where a stream ends. */
export const streamHead = (db: Db, stream: string): Promise<Cursor> => readCursor(db, 'stream_head', stream)

/** Where each stream ends. */
export async function streamHeads(db: Db): Promise<Map<string, number>> {
  const rows = await run<{ stream: string; seq: number }>(
    db[QUERY],
    db.engine,
    'select stream, seq from stream_head',
    [],
  )
  return new Map(rows.map(({ stream, seq }) => [stream, seq]))
}

/** How far this machine has heard a stream, or where that ends. */
export async function readCursor(db: Db, table: 'stream_head' | 'cursor', stream: string): Promise<Cursor> {
  const text = `select seq, mark from ${table} where stream = ?`
  const [row] = await run<Cursor>(db[QUERY], db.engine, text, [stream])
  return row ?? NOTHING_HEARD
}

export async function saveCursor(
  trx: Trx,
  table: 'stream_head' | 'cursor',
  stream: string,
  { seq, mark }: Cursor,
): Promise<void> {
  const text = `${insertSql(trx.engine, table, ['stream', 'seq', 'mark'], 1)}
    on conflict (stream) do update set seq = excluded.seq, mark = excluded.mark`
  await executeNoResult(trx[QUERY], text, [stream, seq, mark])
}

/** Whether a cursor is one that this stream has given out. */
export async function isOfStream(db: Db, stream: string, { seq, mark }: Cursor): Promise<boolean> {
  if (seq === 0) return mark === ''
  const text = 'select mark from feed where stream = ? and seq = ?'
  const [row] = await run<{ mark: string }>(db[QUERY], db.engine, text, [stream, seq])
  return row?.mark === mark
}

/** Whether what follows a cursor is not kept any more. Where the stream goes on behind it can be told only of what is kept. */
export async function hasBegunAfter(db: Db, stream: string, { seq }: Cursor): Promise<boolean> {
  const text = 'select min(seq) as first from feed where stream = ?'
  const [row] = await run<{ first: number | null }>(db[QUERY], db.engine, text, [stream])
  const first = row?.first ?? 1
  return first > 1 && seq < first
}

/**
 * Forgets the oldest ops of a stream, at most `limit`: those that came before `before` (ms) and lie in front of the cursor
 * `needed`. The last one always stays, by which cursors are known. Returns how many.
 */
export async function pruneFeed(
  trx: Trx,
  stream: string,
  { before, needed, limit }: { before: number; needed: number; limit: number },
): Promise<number> {
  const oldest = 'select seq, at from feed where stream = ? and seq < ? order by seq limit ?'
  const { seq: head } = await streamHead(trx, stream)
  const parameters = [stream, Math.min(needed, head), limit]
  const rows = await run<{ seq: number; at: number | null }>(trx[QUERY], trx.engine, oldest, parameters)
  const kept = rows.findIndex(({ at }) => (at ?? 0) >= before)
  const gone = kept < 0 ? rows : rows.slice(0, kept)
  const last = gone.at(-1)
  if (last) await run(trx[QUERY], trx.engine, 'delete from feed where stream = ? and seq <= ?', [stream, last.seq])
  return gone.length
}

/** Of each stream at most `most` ops after its cursor, and where it ended then: all as of one moment. */
export async function readFeed(
  db: Db,
  wanted: readonly { stream: string; after: number }[],
  most: number,
): Promise<{ ops: FeedTable[]; heads: Map<string, number> }> {
  const news = `select stream, seq, origin, epoch, op_seq, mark from
    (select stream, seq, origin, epoch, op_seq, mark from feed where stream = ? and seq > ? order by seq limit ?) as news`
  const head = `select stream, seq, -1 as origin, -1 as epoch, -1 as op_seq, mark from stream_head where stream = ?`
  const text = wanted.map(() => `${news} union all ${head}`).join(' union all ')
  const parameters = wanted.flatMap(({ stream, after }) => [stream, after, most, stream])
  const rows = await run<FeedTable>(db[QUERY], db.engine, text, parameters)
  const isHead = ({ origin }: FeedTable) => origin < 0
  const ops = rows.filter((row) => !isHead(row)).toSorted((a, b) => a.seq - b.seq)
  return { ops, heads: new Map(rows.filter(isHead).map(({ stream, seq }) => [stream, seq])) }
}

/** The streams that a row was brought into beside its own. */
export async function sharesOf(db: Db, entity: SyncedTable, row_id: number): Promise<string[]> {
  const text = 'select stream from share where entity = ? and row_id = ? order by stream'
  const rows = await run<{ stream: string }>(db[QUERY], db.engine, text, [entity, row_id])
  return rows.map(({ stream }) => stream)
}

/** Notes that a row is in a stream beside its own from now on. */
export async function addShare(trx: Trx, entity: SyncedTable, row_id: number, stream: string): Promise<void> {
  const text = `${insertSql(trx.engine, 'share', ['entity', 'row_id', 'stream'], 1)} on conflict do nothing`
  await executeNoResult(trx[QUERY], text, [entity, row_id, stream])
}
