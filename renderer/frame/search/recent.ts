import { create } from 'zustand'
import type { Row } from './search.ts'

const KEPT = 6

/** What was opened last from the one box, newest first. In memory only: it names customers, and the next user is another. */
export const useRecent = create<{ rows: readonly Row[] }>(() => ({ rows: [] }))

export function noteOpened(row: Row) {
  if (row.kind === 'new') return
  useRecent.setState(({ rows }) => ({ rows: [row, ...rows.filter(({ key }) => key !== row.key)].slice(0, KEPT) }))
}
