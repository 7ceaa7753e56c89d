import { parentPort, workerData } from 'node:worker_threads'
import { looksLikeCardNumber } from '../../domain/card-number.ts'
import { readCsv } from './csv.ts'
import { models } from './models-rows.ts'
import { ords } from './ords-rows.ts'
import { products } from './products-rows.ts'
import type { Chunk, Source } from './source.ts'

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

let at: Map<string, number> | null = null
let chunk: Chunk<unknown> = { rows: [], lines: [], rejects: [], bytes: 0 }

await readCsv(file, {
  row: (record, line, bytes) => {
    if (at) take(record, line, at)
    else at = positionsOf(record)
    chunk.bytes = bytes
  },
  broken: (line, text, reason) => {
    if (!at) throw new Error(`Its first line is no CSV: ${reason}.`)
    if (line > after) reject(line, reason, [text])
  },
  piece: async () => {
    if (chunk.rows.length + chunk.rejects.length >= CHUNK) await sendChunk()
  },
})
if (!at) throw new Error('The file is empty.')
await sendChunk()
await send(null)
parentPort!.close()

async function sendChunk() {
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
  if (typeof row === 'string') reject(line, row, record)
  else {
    chunk.rows.push(row)
    chunk.lines.push(line)
  }
}

/** What looks like a card number is not written anywhere else. */
function reject(line: number, reason: string, cells: string[]) {
  chunk.rejects.push({ line, reason, cells: cells.some(looksLikeCardNumber) ? [] : cells })
}
