import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { RepairPage, RepairRow, Today } from '../../../server/counter/repairs/repairs.contract.ts'
import { get, type Wire } from '../../api.ts'
import { useUser } from '../../session.ts'

type Query = {
  overdue?: boolean
  due_today?: boolean
  nobody?: boolean
  open?: boolean
  ready?: boolean
  technician_id?: number
  sort?: 'promised'
}

export type Repair = Wire<typeof RepairRow>
export type Numbers = Wire<typeof Today>

export type WorkList = {
  name: 'overdue' | 'due_today' | 'nobody' | 'next' | 'mine' | 'ready'
  /** The most urgent of them; undefined while they load. */
  rows: Repair[] | undefined
  count: string | undefined
  error: Error | null
  retry: () => void
  /** The address of the whole list. */
  all: string
}

/** The numbers of the day, and what a new shop has begun. */
export const useNumbers = () =>
  useQuery({
    queryKey: ['home', 'numbers'],
    queryFn: ({ signal }) => get<typeof Today>('/counter/today', { signal }),
    // A PIN is written where no live change tells of it.
    staleTime: 0,
  })

/** Whether it fits who has a repair. */
export const useIsWide = () => useMediaQuery('(min-width: 1001px)', true, { getInitialValueInEffect: false })

/** Rows shown of a work list, on a low screen and on a high one. */
const MAX_ROWS = { low: 5, high: 8 }
const MAX_FETCHED = 200

const byPromise = (a: Repair, b: Repair) => (a.promised_at ?? Infinity) - (b.promised_at ?? Infinity)
/** Repairs with money due come first, then those completed last. */
const byDebtThenCompletion = (a: Repair, b: Repair) =>
  Number(b.due_cents > 0) - Number(a.due_cents > 0) || (b.completed_at ?? 0) - (a.completed_at ?? 0)

/**
 * What is late, what is due and what nobody has, or on a day without any of it what is promised next; and beside them what waits for
 * its owner, and my bench. A repair stands once.
 */
export function useWorkLists(): { main: WorkList[]; beside: WorkList[] } {
  const me = useUser().id
  const overdue = useWorkList('overdue', { overdue: true }, (rows) => rows.toSorted(byPromise))
  const dueToday = useWorkList('due_today', { due_today: true }, (rows) => rows.toSorted(byPromise))
  const shown = new Set([...(overdue.rows ?? []), ...(dueToday.rows ?? [])].map(({ id }) => id))
  const rest = (rows: Repair[]) => rows.filter(({ id }) => !shown.has(id)).toSorted(byPromise)
  const nobody = useWorkList('nobody', { nobody: true }, rest)
  const isQuiet = [overdue, dueToday, nobody].every(({ rows }) => rows?.length === 0)
  const next = useWorkList('next', { open: true, sort: 'promised' }, rest, isQuiet)
  const shownNext = new Set((isQuiet ? (next.rows ?? []) : []).map(({ id }) => id))
  const mine = useWorkList('mine', { open: true, technician_id: me }, (rows) =>
    rest(rows).filter(({ id }) => !shownNext.has(id)),
  )
  const ready = useWorkList('ready', { ready: true }, (rows) => rows.toSorted(byDebtThenCompletion))
  return {
    main: isQuiet
      ? [{ name: 'next', ...next, all: '/repairs?sort=promised' }]
      : [
          { name: 'overdue', ...overdue, all: '/repairs?show=overdue' },
          { name: 'due_today', ...dueToday, all: '/repairs?show=due_today' },
          { name: 'nobody', ...nobody, all: '/repairs?show=nobody' },
        ],
    beside: [
      { name: 'ready', ...ready, all: '/repairs?show=ready' },
      { name: 'mine', ...mine, all: '/repairs?mine=1' },
    ],
  }
}

function useWorkList(name: string, query: Query, pick: (rows: Repair[]) => Repair[], enabled = true) {
  const high = useMediaQuery('(min-height: 960px)', false, { getInitialValueInEffect: false })
  const { data, error, refetch } = useQuery({
    queryKey: ['home', name, query],
    queryFn: ({ signal }) =>
      get<typeof RepairPage>('/counter/repairs', { query: { ...query, limit: MAX_FETCHED }, signal }),
    enabled,
  })
  const picked = data && pick(data.rows)
  const count = picked && `${picked.length}${data.rows.length < MAX_FETCHED ? '' : '+'}`
  return { rows: picked?.slice(0, high ? MAX_ROWS.high : MAX_ROWS.low), count, error, retry: () => void refetch() }
}
