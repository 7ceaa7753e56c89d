import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { ORDER_STATUSES, type OrderStatus } from '../../../../server/domain/repair-status.ts'
import { useUser } from '../../../session.ts'
import type { RepairFilter } from '../requests.ts'

/** The filter stands in the address, so that going back brings it back: `?status=Pending&mine=1&q=akku`. */
export function useRepairFilter(): [RepairFilter, (filter: RepairFilter) => void] {
  const user = useUser()
  const [params, setParams] = useSearchParams()
  const filter = useMemo((): RepairFilter => {
    const status = ORDER_STATUSES.find((one) => one === params.get('status'))
    const all = params.get('show') === 'all'
    const overdue = params.get('show') === 'overdue'
    const ready = params.get('show') === 'ready'
    return {
      ...(status && { status }),
      ...(overdue && { overdue }),
      ...(ready && { ready }),
      ...(!status && !all && !overdue && !ready && { open: true }),
      ...(params.get('mine') && { technician_id: user.id }),
      ...(params.get('q') && { q: params.get('q') }),
    }
  }, [params, user.id])
  return [filter, (next) => setParams(write(next), { replace: true })]
}

function write({ status, open, overdue, ready, technician_id, q }: RepairFilter): Record<string, string> {
  return {
    ...(status && { status }),
    ...(overdue ? { show: 'overdue' } : ready ? { show: 'ready' } : !open && !status && { show: 'all' }),
    ...(technician_id && { mine: '1' }),
    ...(q && { q }),
  }
}

/** What the one row of view chips says. */
export type View = 'open' | 'overdue' | 'ready' | 'all' | OrderStatus

export function viewOf({ status, open, overdue, ready }: RepairFilter): View {
  return status ?? (overdue ? 'overdue' : ready ? 'ready' : open ? 'open' : 'all')
}

export function withView({ technician_id, q }: RepairFilter, view: View): RepairFilter {
  const rest = { ...(technician_id && { technician_id }), ...(q && { q }) }
  if (view === 'all') return rest
  if (view === 'open' || view === 'overdue' || view === 'ready') return { ...rest, [view]: true }
  return { ...rest, status: view }
}
