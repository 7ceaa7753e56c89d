import { create } from 'zustand'
import type { Row } from './search.ts'

const MAX_RECENT = 6

/** What was opened last from the search, newest first. In memory only, since it names customers. */
export const useRecent = create<{ rows: readonly Row[] }>(() => ({ rows: [] }))

export function rememberOpened(row: Row) {
  if (row.kind === 'new') return
  useRecent.setState(({ rows }) => ({ rows: [row, ...rows.filter(({ key }) => key !== row.key)].slice(0, MAX_RECENT) }))
}
