import type { Trx } from '../../../db/handle.ts'

/** A row that stays outside, and why. */
export type Reject = { line: number; reason: string; cells: string[] }

/** What a row of the file becomes, or the reason why it cannot. `cell` is the trimmed text of a column, without what nobody sees. */
export type Read<Row> = (cell: (column: string) => string) => Row | string

/** A kind of file: read in a thread of its own, written here. */
export type Source<Row> = {
  kind: 'ords' | 'models' | 'products'
  /** The columns that the header must name. */
  columns: readonly string[]
  /** Those of them that hold a name or a code. */
  named: readonly string[]
  read: Read<Row>
}

/** How many rows were new, and how many brought something else of what was there. */
export type Written = { added: number; changed: number }

/** Adds rows and returns how many were new, or also how many were changed. Made once for a file, so that it can remember what it has found. */
export type Write<Row> = (trx: Trx, rows: readonly Row[]) => Promise<number | Written>

/** What the reading thread sends: rows with the lines they begin on, after which `bytes` of the file were read. */
export type Chunk<Row> = { rows: Row[]; lines: number[]; rejects: Reject[]; bytes: number }

/** Why a text cannot be stored; null when it can. */
export function faultOfText(text: string): string | null {
  if (text.includes('\0')) return 'the text holds a NUL'
  if (text.includes('\uFFFD')) return 'the text is not UTF-8'
  return text.length > 10_000 ? 'the text is longer than 10,000 characters' : null
}
