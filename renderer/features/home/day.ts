import { useQuery } from '@tanstack/react-query'
import type { RepairPage, RepairRow } from '../../../server/counter/repairs.contract.ts'
import { get, type Wire } from '../../api.ts'
import { useUser } from '../../session.ts'

type Query = { overdue?: boolean; open?: boolean; status?: 'Completed'; technician_id?: number; limit: number }

export type Repair = Wire<typeof RepairRow>

export type Pile = {
  name: 'overdue' | 'mine' | 'ready'
  rows: Repair[] | undefined
  count: string | undefined
  error: Error | null
  retry: () => void
  /** Where all of them are. */
  all: string
  none: 'home.noOverdue' | 'home.noMine' | 'home.noReady'
}

const SHOWN = 8

/** The day's three piles. Ready for pick-up is what is completed and not yet paid for. */
export function useDay(): Pile[] {
  const me = useUser().id
  const overdue = usePile('overdue', { overdue: true, limit: SHOWN })
  const mine = usePile('mine', { open: true, technician_id: me, limit: SHOWN })
  const ready = usePile('ready', { status: 'Completed', limit: 100 }, ({ due_cents }) => due_cents > 0)
  return [
    { name: 'overdue', ...overdue, all: '/repairs?overdue=true', none: 'home.noOverdue' },
    { name: 'mine', ...mine, all: `/repairs?open=true&technician_id=${me}`, none: 'home.noMine' },
    { name: 'ready', ...ready, all: '/repairs?status=Completed', none: 'home.noReady' },
  ]
}

function usePile(name: string, query: Query, belongs?: (repair: Repair) => boolean) {
  const { data, error, refetch } = useQuery({
    queryKey: ['home', name, query],
    queryFn: ({ signal }) => get<typeof RepairPage>('/counter/repairs', { query, signal }),
  })
  const rows = belongs ? data?.rows.filter(belongs) : data?.rows
  const count = belongs ? rows && String(rows.length) : data?.total
  return { rows: rows?.slice(0, SHOWN), count, error, retry: () => void refetch() }
}
