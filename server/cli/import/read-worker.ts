import { parentPort, workerData } from 'node:worker_threads'
import { looksLikeCardNumber } from '../../domain/text/card-number.ts'
import { withoutInvisible } from '../../domain/text/written-text.ts'
import { headingOf } from '../../domain/text/csv.ts'
import { readCsv, separatorOf } from './csv.ts'
import { models } from './models-rows.ts'
import { ords } from './ords-rows.ts'
import { products } from './products-rows.ts'
import type { Chunk, Source } from './source.ts'

/** Reads a CSV file for `rowsOf`: sends a chunk for each time it is asked, then null. */

/** Rows of a chunk, and as many more as end in the same piece of the file: one batch, where no server waits. */
const CHUNK = 8_000
/** In bytes of the file: where the lines are long a chunk has fewer. */
const CHUNK_BYTES = 4_194_304

/** As spreadsheets show a long number: `3.53918E+14`. */
const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?E[+-]\d{1,3}$/i

const { file, kind, after } = workerData as { file: string; kind: Source<unknown>['kind']; after: number }
const source: Source<unknown> = { ords, models, products }[kind]

let wanted = 0
let asked: (() => void) | null = null
parentPort!.on('message', () => {
  wanted += 1
  asked?.()
})

async function send(chunk: Chunk<unknown> | null) {
  while (wanted === 0) await new Promise<void>((resolve) => (asked = resolve))
  wanted -= 1
  parentPort!.postMessage(chunk)
}

let at: Header | null = null
let chunk: Chunk<unknown> = { rows: [], lines: [], rejects: [], bytes: 0 }
/** What of the file is in the chunk, in bytes. */
let held = 0

await readCsv(file, await separatorOf(file, source.columns), {
  row: (record, line, bytes) => {
    if (at) take(record, line, at)
    else if (record.some((cell) => headingOf(cell) !== '')) at = positionsOf(record)
    held += bytes - chunk.bytes
    chunk.bytes = bytes
  },
  broken: (line, text, reason) => {
    if (!at) throw new Error(`Its first line is no CSV: ${reason}.`)
    held += text.length
    if (line > after) reject(line, reason, [text])
  },
  piece: async () => {
    if (chunk.rows.length + chunk.rejects.length >= CHUNK || held >= CHUNK_BYTES) await sendChunk()
  },
})
if (!at) throw new Error('The file is empty.')
await sendChunk()
await send(null)
parentPort!.close()

async function sendChunk() {
  await send(chunk)
  chunk = { rows: [], lines: [], rejects: [], bytes: chunk.bytes }
  held = 0
}

/** Where each column stands, and how many there are. */
type Header = { columns: Map<string, number>; count: number }

function positionsOf(header: string[]): Header {
  const names = header.map(headingOf)
  const missing = source.columns.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new Error(`The first line does not name ${missing.join(', ')}.`)
  const twice = source.columns.filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (twice.length > 0) throw new Error(`The first line names ${twice.join(', ')} twice.`)
  return { columns: new Map(names.map((name, index) => [name, index])), count: filled(names) }
}

/** How many cells there are up to the last one that says something: spreadsheets leave the empty end of a row out, or add to it. */
function filled(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell !== '') + 1
}

function take(record: string[], line: number, { columns, count }: Header) {
  if (line <= after) return
  const cells = record.map((cell) => withoutInvisible(cell).trim())
  const written = filled(cells)
  if (written === 0) return
  const row = written > count ? wrongCount(written, count) : read(cells, columns)
  if (typeof row === 'string') reject(line, isCut(row, record, count) ? wrongCount(record.length, count) : row, record)
  else {
    chunk.rows.push(row)
    chunk.lines.push(line)
  }
}

function wrongCount(written: number, count: number): string {
  return `it has ${written} columns, not ${count}`
}

/** A row that ends before what it needs was cut, whatever it lacks first. */
function isCut(reason: string, { length }: string[], count: number): boolean {
  return length < count && reason.startsWith('there is no ')
}

function read(cells: readonly string[], columns: Map<string, number>) {
  const cell = (column: string) => cells[columns.get(column)!] ?? ''
  const shortened = source.named.find((column) => SCIENTIFIC.test(cell(column)))
  return shortened === undefined
    ? source.read(cell)
    : `${shortened} '${cell(shortened)}' was a number that a spreadsheet has shortened: make its cells text and enter it again`
}

/** What looks like a card number is not written anywhere else. */
function reject(line: number, reason: string, cells: string[]) {
  chunk.rejects.push({ line, reason, cells: cells.some(looksLikeCardNumber) ? [] : cells })
}
