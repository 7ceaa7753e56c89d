import { executeNoResult } from '../engines/direct.ts'
import { insertSql, run } from '../engines/sql-text.ts'
import type { Cursor } from './feed.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'

/**
 * Cursors that this machine has had: some of them, ever farther apart the longer ago they are. A parent that does not know the
 * present one any more (its database was put back, or lost its last commits) finds by them the last one that both know.
 */

/** The newest first. */
export async function pastCursors(db: Db, stream: string): Promise<Cursor[]> {
  return await run<Cursor>(
    db[QUERY],
    db.engine,
    'select seq, mark from cursor_past where stream = ? order by seq desc',
    [stream],
  )
}

/** Keeps one more, and lets go of those that the others stand for: between one power of two back and the next one is enough. */
export async function keepPastCursor(trx: Trx, stream: string, { seq, mark }: Cursor): Promise<void> {
  if (seq === 0) return
  const text = `${insertSql(trx.engine, 'cursor_past', ['stream', 'seq', 'mark'], 1)}
    on conflict (stream, seq) do update set mark = excluded.mark`
  await executeNoResult(trx[QUERY], text, [stream, seq, mark])
  const kept = await pastCursors(trx, stream)
  for (const gone of thinned(kept.map((cursor) => cursor.seq)))
    await run(trx[QUERY], trx.engine, 'delete from cursor_past where stream = ? and seq = ?', [stream, gone])
}

/** The numbers that may go, of some in descending order: of those as far back as each other, all but the farthest. */
export function thinned(seqs: readonly number[]): number[] {
  const [head, ...past] = seqs
  return past.filter((seq, index) => {
    const next = past[index + 1]
    return next !== undefined && distanceOf(head!, next) === distanceOf(head!, seq)
  })
}

const distanceOf = (head: number, seq: number) => Math.floor(Math.log2(head - seq))

/** Forgets those behind a cursor: they are of another past than the parent's. */
export async function forgetPastAfter(trx: Trx, stream: string, seq: number): Promise<void> {
  await run(trx[QUERY], trx.engine, 'delete from cursor_past where stream = ? and seq > ?', [stream, seq])
}
