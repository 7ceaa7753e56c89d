import { type Grade, GRADES } from '../../../../server/domain/grade.ts'
import { storageKey } from '../../../../server/domain/money/trade-in-price.ts'
import { nameKey } from '../../../../server/domain/text/fold.ts'
import { isUnread, readAmount, type Amount } from '../../../ui/fields/amount.ts'
import type { PricesToSave, Row } from './requests.ts'

/** What the sheet shows: rows of the server and added ones, and the cells that were changed and are not saved yet. */

/** A model with its storage. */
export type Named = Pick<Row, 'brand_id' | 'brand_name' | 'model' | 'storage'>

/** What tells a row from others, however its model is written. */
export const rowId = ({ brand_id, model, storage }: Omit<Named, 'brand_name'>) =>
  [brand_id, nameKey(model), storageKey(storage)].join('\n')

/** A cell that was changed: cents, null for no price any more, or the typed text where it is no amount. */
export type Cell = { row: string; grade: Grade; price: Amount }

const cellId = ({ row, grade }: Pick<Cell, 'row' | 'grade'>) => `${row}\n${grade}`

export type Draft = {
  cells: ReadonlyMap<string, Cell>
  /** Rows that the server has no price of yet. */
  added: readonly Named[]
}

export const EMPTY: Draft = { cells: new Map(), added: [] }

/** The draft of a cell; undefined where it is as it is stored. */
export const draftAt = ({ cells }: Draft, row: string, grade: Grade): Cell | undefined =>
  cells.get(cellId({ row, grade }))

/** The draft with these changes; a cell that is as it is stored is none any more. */
export function withCells(draft: Draft, changes: readonly Cell[], rows: ReadonlyMap<string, Row>): Draft {
  const cells = new Map(draft.cells)
  for (const cell of changes) {
    const stored = rows.get(cell.row)?.prices[cell.grade]
    const isStored = (stored?.price_cents ?? null) === cell.price && !stored?.next
    if (isStored) cells.delete(cellId(cell))
    else cells.set(cellId(cell), cell)
  }
  return { ...draft, cells }
}

/** The draft with rows that it has not yet. */
export function withRows(draft: Draft, rows: readonly Named[], known: ReadonlyMap<string, unknown>): Draft {
  const ids = new Set(draft.added.map(rowId))
  const added = rows.filter((row) => !known.has(rowId(row)) && !ids.has(rowId(row)) && ids.add(rowId(row)))
  return added.length === 0 ? draft : { ...draft, added: [...draft.added, ...added] }
}

/** What is left after saving: cells that are no price, and those that were changed meanwhile. */
export function withoutSaved(draft: Draft, saved: Draft): Draft {
  const cells = new Map([...draft.cells].filter(([id, cell]) => isUnread(cell.price) || saved.cells.get(id) !== cell))
  const rows = new Set([...cells.values()].map(({ row }) => row))
  return { cells, added: draft.added.filter((row) => rows.has(rowId(row)) || !saved.added.includes(row)) }
}

/** How many cells can be saved, and those that are no price. */
export function tally({ cells }: Draft) {
  const all = [...cells.values()]
  const bad = all.filter(({ price }) => isUnread(price))
  return { changed: all.length - bad.length, bad }
}

/** What is sent: of each row the cells that are prices. */
export function pricesOf({ cells }: Draft, rows: ReadonlyMap<string, Named>): PricesToSave['rows'] {
  const changed = [...cells.values()].filter(({ price }) => !isUnread(price))
  return [...Map.groupBy(changed, ({ row }) => row)].flatMap(([id, ofRow]) => {
    const row = rows.get(id)
    if (!row) return []
    const prices = Object.fromEntries(ofRow.map(({ grade, price }) => [grade, price as number | null])) // None is text.
    return [{ brand_id: row.brand_id, model: row.model, storage: row.storage, prices }]
  })
}

/** A typed or pasted price: currency signs and words around an amount are no part of it; what is none stays as it is. */
export function readPrice(typed: string, locale: string): Amount {
  const text = typed.trim()
  if (/^[-–—]?$/.test(text)) return null
  const bare = text.replace(/^(?:\p{Sc}|[A-Z]{3})\s*|\s*(?:\p{Sc}|[A-Z]{3})$/gu, '')
  const read = readAmount(bare, locale)
  return read === undefined || read === null ? text : read
}

/** All of a row that takes what a cell takes. */
export const COLUMNS = GRADES
