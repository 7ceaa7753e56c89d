import { createReadStream } from 'node:fs'
import { CsvError, parse, type Parser } from 'csv-parse'
import { headingOf, type Separator, SEPARATORS } from '../../domain/text/csv.ts'

export type CsvListener = {
  /** A row, the line it begins on, and how many bytes of the file were read with it. */
  row(cells: string[], line: number, bytes: number): void
  /** A line that is no CSV, and why. */
  broken(line: number, text: string, reason: string): void
  /** After each piece of the file: it goes on when this is done. */
  piece(): Promise<void>
}

/** In bytes: what a broken line has read again. */
const READ_BYTES = 32_768
/** In bytes: a quote that is opened and never closed is looked for no farther. */
const MAX_ROW_BYTES = 1_000_000

/** What separates the cells of a file: with which its first line names the `columns`, or else the most. */
export async function separatorOf(file: string, columns: readonly string[]): Promise<Separator> {
  let head = ''
  for await (const piece of createReadStream(file, { encoding: 'utf8', end: READ_BYTES })) head += piece
  const line =
    head
      .replace(/^\ufeff/, '')
      .split(/[\r\n]/)
      .find((text) => /[^,;\s"]/.test(text)) ?? ''
  const cellsBy = (separator: Separator) => line.split(separator).map((cell) => headingOf(cell.replaceAll('"', '')))
  const named = SEPARATORS.find((separator) => columns.every((column) => cellsBy(separator).includes(column)))
  return named ?? SEPARATORS.toSorted((a, b) => cellsBy(b).length - cellsBy(a).length)[0]!
}

/**
 * Reads a CSV file. Where a row is broken its first line is, and what comes after that line is read anew: a quote that
 * nobody closed takes no other row along.
 */
export async function readCsv(file: string, separator: Separator, heard: CsvListener): Promise<void> {
  /** What is before the parser's first byte, and what it has made rows of. */
  let before = { bytes: 0, lines: 0 }
  let done = { bytes: 0, lines: 0 }
  let parser = begin()
  /** From the end of the last row on. */
  let unread: Buffer = Buffer.alloc(0)
  /** Of a line whose end has not been read yet. */
  let fault: CsvError | null = null
  let isInBrokenLine = false

  /** A CR that ends a piece waits for the next one: it may be half of a line's end. */
  let half: Buffer = Buffer.alloc(0)
  for await (const piece of createReadStream(file, { highWaterMark: READ_BYTES })) {
    const next = Buffer.concat([half, piece as Buffer])
    half = next.at(-1) === CR ? next.subarray(-1) : next.subarray(next.length)
    await feed(next.subarray(0, next.length - half.length), false)
    await heard.piece()
  }
  await feed(half, true)

  function begin(): Parser {
    const { bytes: bytesBefore, lines: linesBefore } = before
    done = { bytes: 0, lines: 0 }
    return openParser(separator, (cells, { lines, bytes }) => {
      heard.row(cells, linesBefore + lines - breaksIn(cells), bytesBefore + bytes)
      done = { bytes, lines }
    })
  }

  async function feed(piece: Buffer, isLast: boolean) {
    let next = isInBrokenLine ? afterLine(piece) : piece
    unread = Buffer.concat([unread, next])
    for (;;) {
      const error = fault ?? (await hear(next, isLast))
      if (!error) return
      const line = firstLine(unread)
      fault = line.isWhole || isLast || unread.length >= MAX_ROW_BYTES ? null : error
      if (fault) return
      leaveOut(line, error, isLast)
      next = unread
    }
  }

  /** The parser's word on the next piece; what it has made rows of is read. */
  async function hear(next: Buffer, isLast: boolean): Promise<CsvError | null> {
    const rowsEnded = done.bytes
    const error = await writeChunk(parser, next, isLast)
    unread = unread.subarray(done.bytes - rowsEnded)
    return error
  }

  function leaveOut({ blank, text, end, isWhole }: Line, error: CsvError, isLast: boolean) {
    const line = before.lines + done.lines + blank + 1
    heard.broken(line, text, isWhole || isLast ? reasonOf(error) : TOO_LONG)
    before = { bytes: before.bytes + done.bytes + end, lines: line }
    unread = unread.subarray(end)
    isInBrokenLine = !isWhole
    parser = begin()
  }

  /** The rest of a line that is left out is left out too. */
  function afterLine(piece: Buffer): Buffer {
    const end = endOfLine(piece, 0)
    isInBrokenLine = end === -1
    before.bytes += isInBrokenLine ? piece.length : end
    parser = begin()
    return isInBrokenLine ? Buffer.alloc(0) : piece.subarray(end)
  }
}

type RowListener = (cells: string[], at: { lines: number; bytes: number }) => void

function openParser(delimiter: Separator, row: RowListener): Parser {
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_ROW_BYTES,
    // Rows are taken where they are parsed: what goes through the stream is one promise each.
    on_record: (cells: string[], at) => {
      row(cells, at)
      return null
    },
  })
  return parser.on('error', () => {}).resume() // Whoever writes hears of it.
}

/** Gives the parser a piece, and says what is no CSV in it. */
async function writeChunk(parser: Parser, piece: Buffer, isLast: boolean): Promise<CsvError | null> {
  const error = await new Promise<Error | null | undefined>((resolve) => {
    if (!isLast) return void parser.write(piece, resolve)
    parser.once('error', resolve).once('end', () => resolve(null))
    parser.end(piece)
  })
  if (error && !(error instanceof CsvError)) throw error
  return error ?? null
}

const QUOTE = 'a quote is not closed, or stands inside a cell: there it is written twice, and the cell in quotes'
const TOO_LONG = `the line is longer than ${MAX_ROW_BYTES} bytes`

const reasonOf = ({ code }: CsvError) => (/QUOTE|MAX_RECORD_SIZE/.test(code) ? QUOTE : `the row is no CSV (${code})`)

type Line = { blank: number; text: string; end: number; isWhole: boolean }

/** The first line with something in it, the blank ones before it, and where it ends, be it all there or not. */
function firstLine(bytes: Buffer): Line {
  let [start, blank] = [0, 0]
  for (let end = endOfLine(bytes, 0); end !== -1; end = endOfLine(bytes, start)) {
    const text = bytes.toString('utf8', start, end).trimEnd()
    if (text !== '') return { blank, text, end, isWhole: true }
    start = end
    blank += 1
  }
  return { blank, text: bytes.toString('utf8', start), end: bytes.length, isWhole: false }
}

const [LF, CR] = [10, 13]

/** Where the next line begins, or -1. */
function endOfLine(bytes: Buffer, from: number): number {
  const lf = bytes.indexOf(LF, from)
  const cr = bytes.subarray(0, lf === -1 ? bytes.length : lf).indexOf(CR, from)
  const at = cr === -1 ? lf : cr
  if (at === -1) return -1
  return at + (bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1)
}

function breaksIn(cells: string[]): number {
  let breaks = 0
  for (const cell of cells)
    for (let from = cell.indexOf('\n'); from >= 0; from = cell.indexOf('\n', from + 1)) breaks += 1
  return breaks
}
