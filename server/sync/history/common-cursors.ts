import { forgetPastAfter, keepPastCursor, pastCursors } from '../../../db/fleet/cursor-past.ts'
import type { Database } from '../../../db/database.ts'
import { type Cursor, hasBegunAfter, isOfStream, NOTHING_HEARD, saveCursor } from '../../../db/fleet/feed.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import { type Past, REFUSED, type Refused } from '../wire.ts'

/**
 * What becomes of cursors that head office does not know: it was put back to an earlier day, or a standby took over that lacks the
 * last commits. Both sides go on from the last one that both know; what is heard twice changes nothing.
 */

type Cursors = { org: Cursor; store: Cursor }
type Streams = { org: string; store: string }
const SIDES = ['org', 'store'] as const

/**
 * Head office's answer to cursors that are not all its own, null where they are. One that lies before what is kept of its stream is
 * answered with `snapshot`: what is missing comes in no pull.
 */
export async function refusalOfCursors(
  db: Db,
  streams: Streams,
  { cursors, past }: { cursors: Cursors; past?: Past | undefined },
): Promise<Refused | null> {
  const common = { ...cursors }
  let unknown: string | null = null
  for (const side of SIDES) {
    const stream = streams[side]
    if (await hasBegunAfter(db, stream, cursors[side]))
      return { error: 'snapshot', detail: `What follows this cursor of ${stream} is not kept any more` }
    if (await isOfStream(db, stream, cursors[side])) continue
    unknown ??= stream
    common[side] = await lastKnown(db, stream, past?.[side] ?? [])
  }
  if (unknown === null) return null
  const detail = `This is no cursor of ${unknown}`
  return { error: 'cursor', detail, expected: NOTHING_HEARD, cursors: common }
}

async function lastKnown(db: Db, stream: string, past: readonly Cursor[]): Promise<Cursor> {
  for (const cursor of past.toSorted((a, b) => b.seq - a.seq)) if (await isOfStream(db, stream, cursor)) return cursor
  return NOTHING_HEARD
}

/** Before a node moves on, it keeps where it was. */
export const keepPast = keepPastCursor

/**
 * A node whose cursors were refused tells those that it has had, and goes back to what both know. A parent that says nothing of
 * that is heard from the beginning.
 */
export async function hearFromCommon(
  { db, write }: Database,
  pull: (body: { cursors: Cursors; past: Past }) => Promise<unknown>,
  { streams, cursors }: { streams: Streams; cursors: Cursors },
): Promise<void> {
  const past = { org: await pastCursors(db, streams.org), store: await pastCursors(db, streams.store) }
  const again = REFUSED.safeParse(await pull({ cursors, past }))
  // It knows them by now, or cannot answer: the next pull will tell.
  if (!again.success || again.data.error !== 'cursor') return
  const { cursors: common } = again.data
  await write(BY, async (trx) => {
    for (const side of SIDES) await goBackTo(trx, streams[side], common?.[side] ?? NOTHING_HEARD)
  })
}

const BY = { actor: null, device: null, act: 'sync' }

async function goBackTo(trx: Trx, stream: string, cursor: Cursor) {
  await saveCursor(trx, 'cursor', stream, cursor)
  await forgetPastAfter(trx, stream, cursor.seq)
}
