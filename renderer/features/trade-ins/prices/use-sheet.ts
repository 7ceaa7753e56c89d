import { useCallback, useMemo, useRef, useState, type RefObject } from 'react'
import { useFormat } from '../../../ui/format.ts'
import { useSeesMoney, useUser } from '../../../session.ts'
import { type Cell, COLUMNS, type Draft, draftAt, type Named, readPrice, rowId, withCells } from './cells.ts'
import type { DraftOfUser } from './drafts.ts'
import type { Row } from './requests.ts'
import { blockOf, only, type Place, placesIn, type Selection } from './selection.ts'

export type SheetState = {
  rows: readonly Row[]
  draft: Draft
  mayEdit: boolean
  seesMoney: boolean
  selection: Selection
  /** What is being typed into the cell with the cursor; null while it says what it holds. */
  typed: string | null
  type: (text: string | null) => void
  /** Takes what was typed into the draft. */
  commit: () => void
  /** Moves the cursor or marks, after taking in what was typed. */
  mark: (selection: Selection) => void
  /** The cell with the cursor is to have the focus too. */
  wantsFocus: RefObject<boolean>
  /** Changes what is marked, each price of it by itself. */
  changeMarked: (price: (now: Cell['price']) => Cell['price'] | undefined) => void
  put: (cells: readonly Cell[]) => void
  undo: () => void
}

/** The cursor, what is marked and what is typed in the sheet of these rows. `stored` are all rows of the server. */
export function useSheet(rows: readonly Row[], stored: ReadonlyMap<string, Row>, drafts: DraftOfUser): SheetState {
  const { locale } = useFormat()
  const mayEdit = useUser().role === 'admin'
  const seesMoney = useSeesMoney()
  const [wanted, setWanted] = useState<Kept>({ ...only({ row: 0, column: 0 }), ids: null })
  const [typed, setTyped] = useState<string | null>(null)
  // The field tells of its leaving once more when it goes: what was taken in is not taken in twice.
  const waiting = useRef<string | null>(null)
  const wantsFocus = useRef(true)
  const places = useMemo(() => new Map(rows.map((row, index) => [rowId(row), index])), [rows])
  const selection = useMemo(() => within(wanted, places), [wanted, places])
  const { draft, change, undo } = drafts
  const put = useCallback(
    (cells: readonly Cell[]) => {
      if (cells.length > 0) change((before) => withCells(before, cells, stored))
    },
    [change, stored],
  )
  const { at } = selection
  const type = (text: string | null) => {
    waiting.current = text
    setTyped(text)
  }
  const commit = () => {
    const text = waiting.current
    if (text === null) return
    type(null)
    const row = rows[at.row]
    if (row) put([{ row: rowId(row), grade: COLUMNS[at.column]!, price: readPrice(text, locale) }])
  }
  const priceAt = (place: Place) => {
    const row = rows[place.row]
    return row && { row: rowId(row), grade: COLUMNS[place.column]!, price: priceOf(row, draft, place.column) }
  }
  return {
    rows,
    draft,
    mayEdit,
    seesMoney,
    selection,
    typed,
    type,
    commit,
    mark: (next) => {
      commit()
      wantsFocus.current = true
      const idOf = ({ row }: Place) => (rows[row] ? rowId(rows[row]) : '')
      setWanted({ ...next, ids: { anchor: idOf(next.anchor), at: idOf(next.at) } })
    },
    wantsFocus,
    changeMarked: (priceFrom) => {
      const cells = placesIn(blockOf(selection)).flatMap((place) => {
        const cell = priceAt(place)
        const price = cell && priceFrom(cell.price)
        return !cell || price === undefined || price === cell.price ? [] : [{ ...cell, price }]
      })
      put(cells)
    },
    put,
    undo: () => {
      if (typed === null) undo()
      else type(null)
    },
  }
}

/** What a cell holds: its draft, or what is stored. */
export function priceOf(row: Row, draft: Draft, column: number): Cell['price'] {
  const grade = COLUMNS[column]!
  const drafted = draftAt(draft, rowId(row), grade)
  return drafted ? drafted.price : row.prices[grade].price_cents
}

/** With the rows that are meant: others may come before them. */
type Kept = Selection & { ids: { anchor: string; at: string } | null }

/** Where the rows are now; a filter may have left fewer. */
function within({ anchor, at, ids }: Kept, places: ReadonlyMap<string, number>): Selection {
  const last = Math.max(0, places.size - 1)
  const fit = (place: Place, id: string | undefined) => ({
    ...place,
    row: Math.min(last, (id === undefined ? undefined : places.get(id)) ?? place.row),
  })
  return { anchor: fit(anchor, ids?.anchor), at: fit(at, ids?.at) }
}

/** A row that the server has no price of yet, as the others. */
export function newRow(named: Named): Row {
  const none = { price_cents: null, since: null, next: null }
  return {
    ...named,
    device_type: null,
    prices: { A: none, B: none, C: none, D: none, E: none },
    sold: 0,
    sold_cents: null,
    bought: 0,
    bought_cents: null,
    here: 0,
    by_grade: [],
  }
}
