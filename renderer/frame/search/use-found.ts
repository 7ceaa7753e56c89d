import { useState } from 'react'
import { queryClient } from '../../query.ts'
import { useMayWork } from '../../session.ts'
import { useAnswerFor } from '../../ui/fields/use-answer-for.ts'
import { readScan, writeScan } from '../../ui/scanner/scan.ts'
import { useRecent } from './recent.ts'
import { newcomersOf, rowsOf, searchQuery, useSearch, type Row } from './search.ts'

/** What the search has for the text, and which row of it is meant. `scanned` is what the scanner, and no person, has typed. */
export function useFound(typed: string, scanned: string) {
  /** The key of the row that an arrow or the mouse has pointed at; else the first one is meant. */
  const [pointed, setPointed] = useState<string | null>(null)
  const recent = useRecent((state) => state.rows)
  const query = queryOf(typed)
  const { data, error, isPlaceholderData, waiting } = useSearch(query)
  const fresh = query === '' || (data !== undefined && !isPlaceholderData)
  const found = query && data ? data : []
  const nothing = query !== '' && fresh && found.length === 0
  const offer = useOffer(scanned)
  const rows = query === '' ? offer(recent) : offer(found, nothing ? query : '')
  const active = rows.find(({ key }) => key === pointed) ?? rows[0]
  const answerFor = useAnswerFor(query)

  const point = (row: Row | undefined) => setPointed(row?.key ?? null)
  const step = (by: number) => {
    const at = active ? rows.indexOf(active) : 0
    point(rows[(at + by + rows.length) % rows.length])
  }

  /** The row that is meant, once the answer for this text is there: what is shown for an earlier text counts only pointed at. */
  const withMeant = (act: (row: Row) => void) => {
    if (active && (fresh || active.key === pointed)) return act(active)
    if (fresh) return
    void answerFor(
      (q) => queryClient.fetchQuery(searchQuery(q)),
      (answer) => {
        const [first] = answer ? offer(rowsOf(answer), query) : []
        if (first) act(first)
      },
    )
  }
  return { query, rows, active, nothing, waiting, error, point, step, withMeant }
}

/** A label of ours stands there as it is meant, through whichever keyboard layout it came. */
function queryOf(typed: string): string {
  const text = typed.trim()
  const scan = readScan(text)
  return scan.kind === 'text' ? text : writeScan(scan)
}

/** The rows with what this person may do with them: who takes devices in may do so with a newcomer, when nobody is known. */
function useOffer(scanned: string) {
  const mayWork = useMayWork()
  return (rows: readonly Row[], newcomer = '') => {
    if (!mayWork) return rows.map(withoutTakeIn)
    return rows.length === 0 && newcomer !== '' ? newcomersOf(newcomer, newcomer === scanned) : rows
  }
}

const withoutTakeIn = ({ takeIn: _, ...row }: Row): Row => row
