import { queryOptions, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLayoutEffect, useMemo, useReducer, useState } from 'react'
import { sum } from '../../../../server/domain/money/money.ts'
import { useSeesMoney } from '../../../session.ts'
import { countRepairs, fetchRepairs, type RepairFilter, type RepairRow } from '../requests.ts'
import { FIRST_PAGES, type PageAt, withLoaded } from './page-places.ts'
import type { Sort } from './use-repair-filter.ts'

/** A list of any length, of which the pages in sight are asked for, and asked again when something has changed. */
export type RepairList = {
  /** How many rows are known of. */
  count: number
  /** Null for a row that is being fetched. */
  rowAt: (index: number) => RepairRow | null
  /** Where a row stands among those at hand; -1 where it does not. */
  indexOf: (id: number) => number
  /** The rows at hand, in order. */
  rows: () => RepairRow[]
  hasMore: boolean
  total: string
  /** Words that too many hold are looked for in so many of the newest; null where in all. */
  amongNewest: number | null
  /** What is owed on the rows that are known of; null for who sees no money. */
  due_cents: number | null
  error: Error | null
  isPending: boolean
  retry: () => void
  /** The rows that are on the screen. */
  onSight: (first: number, last: number) => void
}

/** Rows that are fetched before they come into sight. */
const AHEAD = 60

export function useRepairPages(filter: RepairFilter, sort: Sort): RepairList {
  const client = useQueryClient()
  const seesMoney = useSeesMoney()
  const list = useMemo(() => JSON.stringify([filter, sort]), [filter, sort])
  const [state, loaded] = useReducer(withLoaded, { list, pages: FIRST_PAGES })
  const pages = state.list === list ? state.pages : FIRST_PAGES
  const starts = useMemo(() => startsOf(pages), [pages])
  const [sight, setSight] = useState({ list, from: 0, to: 0 })
  const [from, to] = sight.list === list ? [sight.from, sight.to] : [0, 0]
  const inSight = useMemo(() => pages.slice(from, to + 1), [pages, from, to])
  const queryOf = ({ after, until }: PageAt) =>
    queryOptions({
      queryKey: ['repairs', filter, sort, after],
      queryFn: () =>
        fetchRepairs(filter, {
          after: after ?? undefined,
          until: until ?? undefined,
          ...(sort && { sort: sort.by, descending: sort.descending }),
        }),
    })
  const found = useQueries({ queries: inSight.map(queryOf) })
  useLayoutEffect(() => {
    for (const [at, { data }] of found.entries()) if (data) loaded({ list, after: inSight[at]!.after, data })
  }, [found, inSight, list])
  const said = found.findLast(({ data }) => data)?.data?.total ?? ''
  // Counting to the last one, and whether words were looked for in all, is asked when the rows are there: nobody waits for it.
  const counted = useQuery({
    queryKey: ['repairs', 'count', filter],
    queryFn: () => countRepairs(filter),
    enabled: said.endsWith('+') || (said !== '' && filter.q !== undefined),
  })
  const rowsOf = (page: PageAt | undefined) => (page && client.getQueryData(queryOf(page).queryKey)?.rows) ?? []
  const pageAt = (index: number) =>
    Math.max(
      0,
      starts.findLastIndex((start) => start <= index),
    )
  const first = found[0]
  return {
    count: starts.at(-1)! + (pages.at(-1)!.count ?? 0),
    rowAt: (index) => {
      const page = pageAt(index)
      return rowsOf(pages[page])[index - starts[page]!] ?? null
    },
    indexOf: (id) => {
      for (const [page, start] of starts.entries()) {
        const at = rowsOf(pages[page]).findIndex((row) => row.id === id)
        if (at >= 0) return start + at
      }
      return -1
    },
    rows: () => pages.flatMap(rowsOf),
    hasMore: pages.at(-1)!.count === null,
    total: (said.endsWith('+') && counted.data?.total) || said,
    amongNewest: counted.data?.among_newest ?? null,
    due_cents: seesMoney ? sum(pages.map(({ due_cents }) => due_cents)) : null,
    error: first?.error && !first.data ? first.error : null,
    isPending: pages[0]!.count === null,
    retry: () => void first?.refetch(),
    onSight: (top, bottom) => {
      const next = { list, from: pageAt(top), to: pageAt(bottom + AHEAD) }
      if (next.list !== sight.list || next.from !== sight.from || next.to !== sight.to) setSight(next)
    },
  }
}

/** The index of each page's first row. */
function startsOf(pages: readonly PageAt[]): number[] {
  let start = 0
  return pages.map(({ count }) => {
    const here = start
    start += count ?? 0
    return here
  })
}
