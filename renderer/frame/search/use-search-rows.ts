import { useState } from 'react'
import { queryClient } from '../../query.ts'
import { useMayWork } from '../../session.ts'
import { useAnswerFor } from '../../ui/fields/use-answer-for.ts'
import { readScan, writeScan } from '../../ui/scanner/scan.ts'
import { useRecent } from './recent.ts'
import { newIntakeRows, rowsOf, searchQuery, useSearch, type Row } from './search.ts'

/** The rows for the text, and which one is active. `scanned` is what the scanner, and no person, has typed. */
export function useSearchRows(typed: string, scanned: string) {
  /** The key of the row that an arrow or the mouse has pointed at; without one the first row is active. */
  const [pointed, setPointed] = useState<string | null>(null)
  const recent = useRecent((state) => state.rows)
  const query = queryOf(typed)
  const { data, error, isPlaceholderData, waiting } = useSearch(query)
  const fresh = query === '' || (data !== undefined && !isPlaceholderData)
  const found = query && data ? data : []
  const nothing = query !== '' && fresh && found.length === 0
  const offered = useOfferedRows(scanned)
  const rows = query === '' ? offered(recent) : offered(found, nothing ? query : '')
  const active = rows.find(({ key }) => key === pointed) ?? rows[0]
  const answerFor = useAnswerFor(query)

  const point = (row: Row | undefined) => setPointed(row?.key ?? null)
  const step = (by: number) => {
    const at = active ? rows.indexOf(active) : 0
    point(rows[(at + by + rows.length) % rows.length])
  }

  /** Acts on the active row once the answer for this text is there: a row found for an earlier text counts only if it was pointed at. */
  const withActive = (act: (row: Row) => void) => {
    if (active && (fresh || active.key === pointed)) return act(active)
    if (fresh) return
    void answerFor(
      (q) => queryClient.fetchQuery(searchQuery(q)),
      (answer) => {
        const [first] = answer ? offered(rowsOf(answer), query) : []
        if (first) act(first)
      },
    )
  }
  return { query, rows, active, nothing, waiting, error, point, step, withActive }
}

/** One of our labels is normalised, whichever keyboard layout typed it. */
function queryOf(typed: string): string {
  const text = typed.trim()
  const scan = readScan(text)
  return scan.kind === 'text' ? text : writeScan(scan)
}

/** The rows with what this user may do: who may take devices in is offered a new intake when nothing is found. */
function useOfferedRows(scanned: string) {
  const mayWork = useMayWork()
  return (rows: readonly Row[], unknownText = '') => {
    if (!mayWork) return rows.map(withoutTakeIn)
    return rows.length === 0 && unknownText !== '' ? newIntakeRows(unknownText, unknownText === scanned) : rows
  }
}

const withoutTakeIn = ({ takeIn: _, ...row }: Row): Row => row
