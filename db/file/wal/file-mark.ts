import { randomUUID } from 'node:crypto'

/**
 * The mark of an SQLite file: each transaction leaves a random one in the one row of `self`, beside the one that it
 * found there. By it a write-ahead log tells which file it continues. It is text with a fixed beginning, so that it is
 * found in a page without SQLite.
 */
export type FileMark = { before: string; mark: string }

const MARK_PREFIX = 'fixpoint-mark '
const WRITTEN = /^fixpoint-mark ([0-9a-f-]{36}|none) ([0-9a-f-]{36})/
const MAX_MARK_BYTES = 100

/** What precedes the first mark of a file. */
export const NO_MARK = 'none'

const NEXT = `mark = '${MARK_PREFIX}' || coalesce(substr(mark, -36), '${NO_MARK}') || ' ' || ?`

/** Sets a new mark, `newMark()`, in the transaction that is open. */
export const SET_MARK = `update self set ${NEXT}`

/** The same in a file of before there was `self`. */
export const SET_MARK_OF_NODE = `update node set ${NEXT} where is_self = 1`

export const newMark = (): string => randomUUID()

/** Which table has the column, if any: a migration adds it, and a later one moves it. */
export const MARKED_TABLE = `select m.name as name from sqlite_schema m, pragma_table_info(m.name) c where m.name in ('self', 'node') and c.name = 'mark'`

/** The marks that stand in these bytes of a file or log. */
export function marksIn(bytes: Buffer): FileMark[] {
  const found: FileMark[] = []
  for (let at = bytes.indexOf(MARK_PREFIX); at >= 0; at = bytes.indexOf(MARK_PREFIX, at + 1)) {
    const written = WRITTEN.exec(bytes.toString('latin1', at, at + MAX_MARK_BYTES))
    if (written) found.push({ before: written[1]!, mark: written[2]! })
  }
  return found
}
