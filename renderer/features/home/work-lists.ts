import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { RepairPage, RepairRow } from '../../../server/counter/repairs/repairs.contract.ts'
import { get, type Wire } from '../../api.ts'
import { useUser } from '../../session.ts'

type Query = { overdue?: boolean; open?: boolean; ready?: boolean; technician_id?: number }

export type Repair = Wire<typeof RepairRow>

export type WorkList = {
  name: 'overdue' | 'mine' | 'ready'
  /** The most urgent of them; undefined while they load. */
  rows: Repair[] | undefined
  count: string | undefined
  error: Error | null
  retry: () => void
  /** The address of the whole list. */
  all: string
  none: 'none.overdue' | 'none.mine' | 'none.mineBesideOverdue' | 'none.ready'
}

/** Whether the status column and phone numbers fit; without them the date's colour and the list's name say most of it. */
export const useIsWide = () => useMediaQuery('(min-width: 1001px)', true, { getInitialValueInEffect: false })

/** Rows shown of a work list, on a low screen and on a high one. */
const MAX_ROWS = { low: 5, high: 8 }
const MAX_FETCHED = 200

const byPromise = (a: Repair, b: Repair) => (a.promised_at ?? Infinity) - (b.promised_at ?? Infinity)
/** Repairs with money due come first, then those completed last. */
const byDebtThenCompletion = (a: Repair, b: Repair) =>
  Number(b.due_cents > 0) - Number(a.due_cents > 0) || (b.completed_at ?? 0) - (a.completed_at ?? 0)

/** Overdue, mine and ready for pick-up; what is overdue is not repeated among mine. */
export function useWorkLists(): WorkList[] {
  const me = useUser().id
  const overdue = useWorkList('overdue', { overdue: true }, (rows) => rows.toSorted(byPromise))
  const shown = new Set(overdue.rows?.map(({ id }) => id))
  const mine = useWorkList('mine', { open: true, technician_id: me }, (rows) =>
    rows.filter(({ id }) => !shown.has(id)).toSorted(byPromise),
  )
  const ready = useWorkList('ready', { ready: true }, (rows) => rows.toSorted(byDebtThenCompletion))
  return [
    { name: 'overdue', ...overdue, all: '/repairs?show=overdue', none: 'none.overdue' },
    {
      name: 'mine',
      ...mine,
      all: '/repairs?mine=1',
      none: shown.size > 0 ? 'none.mineBesideOverdue' : 'none.mine',
    },
    { name: 'ready', ...ready, all: '/repairs?show=ready', none: 'none.ready' },
  ]
}

function useWorkList(name: string, query: Query, pick: (rows: Repair[]) => Repair[]) {
  const high = useMediaQuery('(min-height: 960px)', false, { getInitialValueInEffect: false })
  const { data, error, refetch } = useQuery({
    queryKey: ['home', name, query],
    queryFn: ({ signal }) =>
      get<typeof RepairPage>('/counter/repairs', { query: { ...query, limit: MAX_FETCHED }, signal }),
  })
  const picked = data && pick(data.rows)
  const count = picked && `${picked.length}${data.rows.length < MAX_FETCHED ? '' : '+'}`
  return { rows: picked?.slice(0, high ? MAX_ROWS.high : MAX_ROWS.low), count, error, retry: () => void refetch() }
}
