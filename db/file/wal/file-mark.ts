import { randomUUID } from 'node:crypto'

/**
 * The mark of an SQLite file: each transaction leaves a random one in the row of this machine's node, beside the one that it
 * found there. By it a write-ahead log tells which file it continues. It is text with a fixed beginning, so that it is
 * found in a page without SQLite.
 */
export type FileMark = { before: string; mark: string }

const MARK_PREFIX = 'fixpoint-mark '
const WRITTEN = /^fixpoint-mark ([0-9a-f-]{36}|none) ([0-9a-f-]{36})/
const MAX_MARK_BYTES = 100

/** What precedes the first mark of a file. */
export const NO_MARK = 'none'

/** Sets a new mark, `newMark()`, in the transaction that is open. */
export const SET_MARK = `update node set mark = '${MARK_PREFIX}' || coalesce(substr(mark, -36), '${NO_MARK}') || ' ' || ? where is_self = 1`

export const newMark = (): string => randomUUID()

/** Whether the database has the column yet: a migration adds it. */
export const HAS_MARK = `select 1 from pragma_table_info('node') where name = 'mark'`

/** The marks that stand in these bytes of a file or log. */
export function marksIn(bytes: Buffer): FileMark[] {
  const found: FileMark[] = []
  for (let at = bytes.indexOf(MARK_PREFIX); at >= 0; at = bytes.indexOf(MARK_PREFIX, at + 1)) {
    const written = WRITTEN.exec(bytes.toString('latin1', at, at + MAX_MARK_BYTES))
    if (written) found.push({ before: written[1]!, mark: written[2]! })
  }
  return found
}
