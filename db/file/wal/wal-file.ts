import { closeSync, openSync, readSync } from 'node:fs'
import { marksIn } from './file-mark.ts'

/**
 * Reads SQLite's write-ahead log (`fixpoint.db-wal`) as bytes, before SQLite opens it: SQLite takes any log beside a
 * database for that database's own. The format is that of https://www.sqlite.org/fileformat2.html#walformat.
 */

export type Wal =
  /** SQLite takes nothing from it. */
  | { state: 'empty' }
  /** Transactions that were on the disk can no longer be read. */
  | { state: 'damaged'; how: string }
  | { state: 'full'; pageSize: number; marks: ReadonlySet<string>; pages: ReadonlySet<number> }

const HEADER = 32
const FRAME_HEADER = 24
/** Bytes read at once, rounded up to whole frames. */
const CHUNK = 1_048_576

/**
 * What the log at `path` holds. `marks` are those that its transactions were committed with and those that each of them
 * followed (`file-mark.ts`), `pages` the pages that they stand on.
 */
export function readWal(path: string): Wal {
  const descriptor = openWal(path)
  if (descriptor === null) return { state: 'empty' }
  try {
    const header = Buffer.alloc(HEADER)
    const length = readSync(descriptor, header, 0, HEADER, 0)
    if (length < HEADER || header.every((byte) => byte === 0)) return { state: 'empty' }
    const start = checkHeader(header)
    return start
      ? readFrames(descriptor, start)
      : { state: 'damaged', how: 'its first bytes are not as they were written' }
  } finally {
    closeSync(descriptor)
  }
}

function openWal(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

type Sum = readonly [number, number]
type Start = { pageSize: number; salts: Buffer; little: boolean; sum: Sum }

const MAGIC_LITTLE = 0x377f0682
const VERSION = 3_007_000

function checkHeader(header: Buffer): Start | null {
  const magic = header.readUInt32BE(0)
  if ((magic & ~1) !== MAGIC_LITTLE || header.readUInt32BE(4) !== VERSION) return null
  const little = magic === MAGIC_LITTLE
  const sum = add([0, 0], header.subarray(0, 24), little)
  if (!isSum(header, 24, sum)) return null
  return { pageSize: header.readUInt32BE(8), salts: header.subarray(16, 24), little, sum }
}

/**
 * Walks the frames that carry the header's salts; those that an earlier turn of the log left behind them have others. What
 * cannot be read at the end may be attempts that nobody was told are saved: one that the power cut, or several where the
 * disk was full, each over the one before. They all followed what was saved last. One that followed another is proof that
 * the other was saved, since each commit waits for the disk.
 */
function readFrames(descriptor: number, { pageSize, salts, little, sum }: Start): Wal {
  const committed = { marks: new Set<string>(), pages: new Set<number>(), count: 0 }
  let open: { marks: string[]; pages: number[] } = { marks: [], pages: [] }
  let running: Sum | null = sum
  /** What each transaction that cannot be read had followed; undefined where its mark is not there. */
  const lost: (string | undefined)[] = []
  let followed: string | undefined
  for (const frame of framesOf(descriptor, FRAME_HEADER + pageSize)) {
    const ours = frame.subarray(8, 16).equals(salts)
    const ends = frame.readUInt32BE(4) !== 0
    running = ours && running ? sumAfter(running, frame, little) : null
    const found = marksIn(frame.subarray(FRAME_HEADER))
    if (!running) {
      if (!ours) continue
      followed = found.at(-1)?.before ?? followed
      if (!ends) continue
      lost.push(followed)
      followed = undefined
      continue
    }
    const marks = found.flatMap(({ before, mark }) => [before, mark])
    if (marks.length > 0) open.pages.push(frame.readUInt32BE(0))
    open.marks.push(...marks)
    if (!ends) continue
    for (const mark of open.marks) committed.marks.add(mark)
    for (const page of open.pages) committed.pages.add(page)
    committed.count += 1
    open = { marks: [], pages: [] }
  }
  const unsaved = new Set([...committed.marks, lost[0]])
  if (lost.some((mark) => mark !== undefined && !unsaved.has(mark)))
    return { state: 'damaged', how: `the last ${lost.length} of its transactions cannot be read` }
  if (committed.count === 0) return { state: 'empty' }
  return { state: 'full', pageSize, marks: committed.marks, pages: committed.pages }
}

/** The checksum up to and with `frame`; null where it is not the one that was written. */
function sumAfter(before: Sum, frame: Buffer, little: boolean): Sum | null {
  const sum = add(add(before, frame.subarray(0, 8), little), frame.subarray(FRAME_HEADER), little)
  return isSum(frame, 16, sum) ? sum : null
}

function* framesOf(descriptor: number, size: number): Generator<Buffer> {
  const chunk = Buffer.alloc(Math.ceil(CHUNK / size) * size)
  for (let at = HEADER; ; at += chunk.length) {
    const length = readSync(descriptor, chunk, 0, chunk.length, at)
    for (let frame = 0; frame + size <= length; frame += size) yield chunk.subarray(frame, frame + size)
    if (length < chunk.length) return
  }
}

/** SQLite's running checksum over pairs of 32-bit words. */
function add([first, second]: Sum, bytes: Buffer, little: boolean): Sum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let [a, b] = [first, second]
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + view.getUint32(at, little) + b) >>> 0
    b = (b + view.getUint32(at + 4, little) + a) >>> 0
  }
  return [a, b]
}

const isSum = (bytes: Buffer, at: number, [a, b]: Sum) =>
  bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b
