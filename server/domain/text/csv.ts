import { withoutInvisible } from './written-text.ts'

/** Tables as text: files of spreadsheets, and what is copied from one. */

/** What may stand between two cells: a comma, or what spreadsheets write where a comma stands in amounts. */
export const SEPARATORS = [',', ';', '\t'] as const
export type Separator = (typeof SEPARATORS)[number]

/** A row, and the line it begins on, from 1. */
export type TableRow = { line: number; cells: string[] }

export type Table = {
  rows: TableRow[]
  /** Lines with a quote that nobody closed: left out, and what comes after them is read. */
  broken: number[]
}

/** A column as it is called, whatever its case. */
export const headingOf = (cell: string) => withoutInvisible(cell).trim().toLowerCase()

/** What separates the cells of a line: what makes the most of them. */
export function separatorIn(line: string): Separator {
  const cells = (separator: Separator) => line.split(separator).length
  // A tab is in no cell; a semicolon stands where the comma is in amounts.
  const [best] = (['\t', ';', ','] as const).toSorted((a, b) => cells(b) - cells(a))
  return best!
}

/** The rows of a text that have something in them; cells without the spaces around them. */
export function readTable(text: string, separator = separatorIn(firstLineOf(text))): Table {
  const table: Table = { rows: [], broken: [] }
  const all = text.replace(/^\ufeff/, '')
  let [at, line] = [0, 1]
  while (at < all.length) {
    const row = readRow(all, at, separator)
    if (row) {
      if (row.cells.some((cell) => cell !== '')) table.rows.push({ line, cells: row.cells })
    } else table.broken.push(line)
    const end = row?.end ?? endOfLine(all, at)
    line += breaksIn(all, at, end)
    at = end
  }
  return table
}

const firstLineOf = (text: string) => /[^\r\n\ufeff].*/.exec(text)?.[0] ?? ''

/** The cells of the row that begins here, and where the next one does; null where a quote is opened and never closed. */
function readRow(text: string, from: number, separator: Separator): { cells: string[]; end: number } | null {
  const cells: string[] = []
  let at = from
  for (;;) {
    const isQuoted = text[at] === '"'
    const close = isQuoted ? closingQuote(text, at) : at
    if (close === -1) return null
    const end = endOfCell(text, close, separator)
    const rest = text.slice(isQuoted ? close + 1 : at, end)
    const cell = isQuoted ? text.slice(at + 1, close).replaceAll('""', '"') + rest : rest
    cells.push(armed(cell.trim()))
    if (text[end] !== separator) return { cells, end: afterBreak(text, end) }
    at = end + 1
  }
}

function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1)
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

function endOfCell(text: string, from: number, separator: Separator | null): number {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

const afterBreak = (text: string, at: number) => Math.min(text.length, at + (text.startsWith('\r\n', at) ? 2 : 1))
const endOfLine = (text: string, from: number) => afterBreak(text, endOfCell(text, from, null))

function breaksIn(text: string, from: number, end: number): number {
  return text.slice(from, end).match(/\r\n|\n|\r/g)?.length ?? 0
}

/** One row of a CSV file, with its end. */
export const csvRow = (cells: readonly string[], separator: Separator = ',') =>
  `${cells.map((cell) => quoted(cell, separator)).join(separator)}\r\n`

/** A leading sign is defused: spreadsheets would run it as a formula. */
function quoted(cell: string, separator: Separator): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /["\r\n]/.test(safe) || safe.includes(separator) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A cell that was defused as it was. */
const armed = (cell: string) => (/^'[=+\-@]/.test(cell) ? cell.slice(1) : cell)
