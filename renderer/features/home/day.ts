import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { RepairPage, RepairRow } from '../../../server/counter/repairs/repairs.contract.ts'
import { get, type Wire } from '../../api.ts'
import { useUser } from '../../session.ts'

type Query = { overdue?: boolean; open?: boolean; ready?: boolean; technician_id?: number }

export type Repair = Wire<typeof RepairRow>

export type Pile = {
  name: 'overdue' | 'mine' | 'ready'
  /** The most pressing of them; undefined while they are on their way. */
  rows: Repair[] | undefined
  count: string | undefined
  error: Error | null
  retry: () => void
  /** Where all of them are. */
  all: string
  none: 'none.overdue' | 'none.mine' | 'none.mineBesideOverdue' | 'none.ready'
}

/** Whether a column for the status fits; without it the date's colour and the pile's name say the most of it. */
export const useRoom = () => useMediaQuery('(min-width: 1001px)', true, { getInitialValueInEffect: false })

/** Rows of a pile, on a low screen and on a high one. */
const SHOWN = { low: 5, high: 8 }
const ASKED = 200

const byPromise = (a: Repair, b: Repair) => (a.promised_at ?? Infinity) - (b.promised_at ?? Infinity)
/** Who still owes comes first, then who was told last. */
const byDebt = (a: Repair, b: Repair) =>
  Number(b.due_cents > 0) - Number(a.due_cents > 0) || (b.completed_at ?? 0) - (a.completed_at ?? 0)

/** The day's three piles; what stands in the first is not repeated on the bench. */
export function useDay(): Pile[] {
  const me = useUser().id
  const overdue = usePile('overdue', { overdue: true }, (rows) => rows.toSorted(byPromise))
  const shown = new Set(overdue.rows?.map(({ id }) => id))
  const mine = usePile('mine', { open: true, technician_id: me }, (rows) =>
    rows.filter(({ id }) => !shown.has(id)).toSorted(byPromise),
  )
  const ready = usePile('ready', { ready: true }, (rows) => rows.toSorted(byDebt))
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

function usePile(name: string, query: Query, pick: (rows: Repair[]) => Repair[]) {
  const high = useMediaQuery('(min-height: 960px)', false, { getInitialValueInEffect: false })
  const { data, error, refetch } = useQuery({
    queryKey: ['home', name, query],
    queryFn: ({ signal }) => get<typeof RepairPage>('/counter/repairs', { query: { ...query, limit: ASKED }, signal }),
  })
  const picked = data && pick(data.rows)
  const count = picked && `${picked.length}${data.rows.length < ASKED ? '' : '+'}`
  return { rows: picked?.slice(0, high ? SHOWN.high : SHOWN.low), count, error, retry: () => void refetch() }
}
