/** What is marked in the sheet: from the cell where marking began to the one that has the cursor. */

export type Place = { row: number; column: number }
export type Selection = { anchor: Place; at: Place }

export const LAST_COLUMN = 4

export const only = (at: Place): Selection => ({ anchor: at, at })

export type Block = { top: number; bottom: number; left: number; right: number }

export const blockOf = ({ anchor, at }: Selection): Block => ({
  top: Math.min(anchor.row, at.row),
  bottom: Math.max(anchor.row, at.row),
  left: Math.min(anchor.column, at.column),
  right: Math.max(anchor.column, at.column),
})

export const holds = ({ top, bottom, left, right }: Block, { row, column }: Place) =>
  row >= top && row <= bottom && column >= left && column <= right

export const isOne = ({ anchor, at }: Selection) => anchor.row === at.row && anchor.column === at.column

/** The places of a block, row by row. */
export function placesIn({ top, bottom, left, right }: Block): Place[] {
  const places: Place[] = []
  for (let row = top; row <= bottom; row += 1)
    for (let column = left; column <= right; column += 1) places.push({ row, column })
  return places
}

/** How far a key goes, by rows and columns; far beyond the end for a whole way. */
const STEPS: Readonly<Record<string, Place>> = {
  ArrowDown: { row: 1, column: 0 },
  ArrowUp: { row: -1, column: 0 },
  ArrowRight: { row: 0, column: 1 },
  ArrowLeft: { row: 0, column: -1 },
  PageDown: { row: 15, column: 0 },
  PageUp: { row: -15, column: 0 },
  Home: { row: 0, column: -9 },
  End: { row: 0, column: 9 },
}

const FAR = 1_000_000

/** Where a key leads in a sheet of so many rows; null for a key that leads nowhere. With Ctrl it goes all the way. */
export function placeAfter(key: string, { row, column }: Place, rows: number, ctrl: boolean): Place | null {
  const step = STEPS[key]
  if (!step) return null
  const all = ctrl ? FAR : 1
  // Ctrl+Home and Ctrl+End lead to the first and the last cell of all.
  const corner = ctrl && (key === 'Home' || key === 'End') ? Math.sign(step.column) * FAR : 0
  return {
    row: clamp(row + step.row * all + corner, rows - 1),
    column: clamp(column + step.column * all, LAST_COLUMN),
  }
}

const clamp = (value: number, last: number) => Math.max(0, Math.min(last, value))
