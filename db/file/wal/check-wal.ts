import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseRefused, RESTORE } from '../../errors.ts'
import { sizeOf } from '../guard.ts'
import { marksIn, NO_MARK } from './file-mark.ts'
import { readWal, type Wal } from './wal-file.ts'

/** Keeps SQLite from continuing a file with a write-ahead log that is not its own. */

/** A command of ours that writes meanwhile moves both, so that what was read of them may not match. */
const ATTEMPTS = 5
const BETWEEN_MS = 40
/** Bytes of the file searched at once, and by how much two pieces overlap: more than a mark is long. */
const CHUNK_BYTES = 4_194_304
const OVERLAP_BYTES = 256

/**
 * Looks at the write-ahead log beside `file` before anything opens either: it must continue this file. Must not be called
 * while this process has the file open.
 * @throws DatabaseRefused when it is another file's, of another time of this file, or damaged
 */
export async function checkWal(file: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const wal = readWal(`${file}-wal`)
    const size = sizeOf(file)
    if (wal.state === 'empty' || (size > 0 && wal.state === 'full' && continues(file, wal))) return
    if (attempt === ATTEMPTS) throw refused(file, wal, size)
    await pause(BETWEEN_MS)
  }
}

function refused(file: string, wal: Exclude<Wal, { state: 'empty' }>, size: number) {
  const log = `${file}-wal`
  if (wal.state === 'damaged')
    return new DatabaseRefused(
      `${log} is damaged: ${wal.how}, so that work which was saved would be missing. Nothing was changed. ${RESTORE}`,
    )
  if (size === 0)
    return new DatabaseRefused(
      `${file} is missing or empty, but ${basename(log)} beside it holds work that continues it. Put the file back where it was. ${RESTORE}`,
    )
  return new DatabaseRefused(
    `${log} does not belong to the ${basename(file)} beside it: it is of another day or of another shop, and together they would be a mixture. Nothing was changed. ${RESTORE}`,
  )
}

/**
 * Whether the log continues the file: the mark of the file's last transaction is one that the log's transactions left or
 * followed. A file of before there were marks has none, and its log's first one followed none.
 */
function continues(file: string, { pageSize, marks, pages }: Extract<Wal, { state: 'full' }>): boolean {
  const descriptor = openSync(file, 'r')
  try {
    const near = [...pages].flatMap((page) => marksAt(descriptor, (page - 1) * pageSize, pageSize))
    if (near.some((mark) => isOf(mark, marks))) return true
    // Where its row has moved within the file the page says nothing: all of it is searched.
    const all = [...marksOf(descriptor)]
    return all.length > 0 ? all.some((mark) => isOf(mark, marks)) : marks.size === 0 || marks.has(NO_MARK)
  } finally {
    closeSync(descriptor)
  }
}

/** Whether it is one of `marks`, or two of them in one: a power cut while the log is put into the file leaves part of each. */
function isOf(mark: string, marks: ReadonlySet<string>): boolean {
  if (marks.has(mark)) return true
  let [begins, ends] = [0, 0]
  for (const other of marks) {
    begins = Math.max(begins, sharedLength(mark, other))
    ends = Math.max(ends, sharedLength([...mark].reverse(), [...other].reverse()))
  }
  return begins + ends >= mark.length
}

function sharedLength(one: ArrayLike<string>, other: ArrayLike<string>): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return length
}

function marksAt(descriptor: number, at: number, length: number): string[] {
  const bytes = Buffer.alloc(length)
  return marksIn(bytes.subarray(0, readSync(descriptor, bytes, 0, length, at))).map(({ mark }) => mark)
}

function* marksOf(descriptor: number): Generator<string> {
  const { size } = fstatSync(descriptor)
  for (let at = 0; at < size; at += CHUNK_BYTES - OVERLAP_BYTES) yield* marksAt(descriptor, at, CHUNK_BYTES)
}
