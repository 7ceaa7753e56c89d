import { createReadStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { type CsvError, parse } from 'csv-parse'
import { looksLikeCardNumber } from '../../domain/card-number.ts'
import { models } from './models-rows.ts'
import { ords } from './ords-rows.ts'
import { products } from './products-rows.ts'
import type { Chunk, Reject, Source } from './source.ts'

/** Reads a CSV file for `rowsOf`: sends a chunk for each time it is asked, then null. */

/** Rows of a chunk, and as many more as end in the same piece of the file: one batch, where no server waits. */
const CHUNK = 8_000

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

const broken: Reject[] = []
let at: Map<string, number> | null = null
let chunk: Chunk<unknown> = { rows: [], lines: [], rejects: [], bytes: 0 }

const parser = parse({
  bom: true,
  relax_column_count: true,
  skip_empty_lines: true,
  skip_records_with_error: true,
  max_record_size: 1_000_000,
  // Rows are taken where they are parsed: what goes through the stream is one promise each.
  on_record: (record: string[], { lines, bytes }) => {
    if (at) take(record, lines - breaksIn(record), at)
    else at = positionsOf(record)
    chunk.bytes = bytes
    return null
  },
  on_skip: (error: CsvError | undefined) => {
    broken.push({
      line: Number(error?.['lines'] ?? 0),
      reason: `the row is no CSV (${error?.code ?? 'unreadable'})`,
      cells: [],
    })
  },
})

for await (const bytes of createReadStream(file)) {
  parser.write(bytes)
  if (chunk.rows.length + chunk.rejects.length >= CHUNK) await sendChunk()
}
parser.end()
await finished(parser.resume())
if (!at) throw new Error('The file is empty.')
await sendChunk()
await send(null)
parentPort!.close()

async function sendChunk() {
  chunk.rejects.push(...broken.splice(0).filter(({ line }) => line > after))
  await send(chunk)
  chunk = { rows: [], lines: [], rejects: [], bytes: chunk.bytes }
}

/** Where each column stands. */
function positionsOf(header: string[]): Map<string, number> {
  const found = new Map(header.map((name, index) => [name.trim().toLowerCase(), index]))
  const missing = source.columns.filter((name) => !found.has(name))
  if (missing.length > 0) throw new Error(`The first line does not name ${missing.join(', ')}.`)
  return found
}

function take(record: string[], line: number, positions: Map<string, number>) {
  if (line <= after) return
  const row =
    record.length === positions.size
      ? source.read((column) => record[positions.get(column)!]!.trim())
      : `it has ${record.length} columns, not ${positions.size}`
  // What looks like a card number is not written anywhere else.
  if (typeof row === 'string')
    chunk.rejects.push({ line, reason: row, cells: record.some(looksLikeCardNumber) ? [] : record })
  else {
    chunk.rows.push(row)
    chunk.lines.push(line)
  }
}

function breaksIn(record: string[]): number {
  let breaks = 0
  for (const cell of record)
    for (let from = cell.indexOf('\n'); from >= 0; from = cell.indexOf('\n', from + 1)) breaks += 1
  return breaks
}
