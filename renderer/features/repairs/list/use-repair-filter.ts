import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { ORDER_STATUSES, type OrderStatus } from '../../../../server/domain/repair-status.ts'
import type { RepairQuery } from '../../../../server/counter/repairs/repairs.contract.ts'
import type { Wire } from '../../../api.ts'
import { useUser } from '../../../session.ts'
import { storeIn } from '../../../ui/stores/store-filter.tsx'
import type { RepairFilter } from '../requests.ts'

type FilterInAddress = {
  filter: RepairFilter
  sort: Sort
  setFilter: (filter: RepairFilter) => void
  setSort: (sort: Sort) => void
  /** What stands behind the question mark: the same for the same filter and order, however one came to it. */
  address: string
  setAddress: (address: string) => void
}

/** Filter and order stand in the address, so that going back brings them back: `?status=Pending&mine=1&store=2&q=akku&sort=due`. */
export function useRepairFilter(): FilterInAddress {
  const user = useUser()
  const [params, setParams] = useSearchParams()
  const filter = useMemo((): RepairFilter => {
    const status = ORDER_STATUSES.find((one) => one === params.get('status'))
    const show = SHOWN.find((one) => one === params.get('show'))
    return {
      ...(status && { status }),
      ...(!status && show !== 'all' && { [show ?? 'open']: true }),
      ...(params.get('mine') && { technician_id: user.id }),
      ...(storeIn(params) && { store_id: storeIn(params) }),
      ...(params.get('q') && { q: params.get('q') }),
    }
  }, [params, user.id])
  const sort = useMemo(() => sortIn(params), [params])
  return {
    filter,
    sort,
    setFilter: (next) => setParams({ ...write(next), ...writeSort(sort) }, { replace: true }),
    setSort: (next) => setParams({ ...write(filter), ...writeSort(next) }, { replace: true }),
    address: new URLSearchParams({ ...write(filter), ...writeSort(sort) }).toString(),
    setAddress: (address) => setParams(new URLSearchParams(address), { replace: true }),
  }
}

/** The heading that the list is sorted by; null for newest first. */
export type Sort = { by: Heading; descending: boolean } | null
export type Heading = NonNullable<Wire<typeof RepairQuery>['sort']>

const HEADINGS: readonly Heading[] = ['ticket', 'status', 'device', 'customer', 'technician', 'promised', 'due']

function sortIn(params: URLSearchParams): Sort {
  const by = HEADINGS.find((heading) => heading === params.get('sort'))
  return by ? { by, descending: params.has('descending') } : null
}

const writeSort = (sort: Sort): Record<string, string> =>
  sort ? { sort: sort.by, ...(sort.descending && { descending: '1' }) } : {}

/** What a press on a heading makes of the order: up, then down, then newest first again. */
export function pressed(sort: Sort, by: Heading): Sort {
  if (sort?.by !== by) return { by, descending: false }
  return sort.descending ? null : { by, descending: true }
}

function write(filter: RepairFilter): Record<string, string> {
  const { status, technician_id, store_id, q } = filter
  const view = viewOf(filter)
  return {
    ...(status ? { status } : view !== 'open' && { show: view }),
    ...(technician_id && { mine: '1' }),
    ...(store_id && { store: String(store_id) }),
    ...(q && { q }),
  }
}

/** What the address calls a view that is no status; `open` is what it says nothing of. */
const SHOWN = ['overdue', 'due_today', 'ready', 'owed', 'nobody', 'all'] as const

/** What the one row of view chips says. */
export type View = 'open' | (typeof SHOWN)[number] | OrderStatus

export function viewOf({ status, ...filter }: RepairFilter): View {
  return status ?? SHOWN.find((one) => one !== 'all' && filter[one]) ?? (filter.open ? 'open' : 'all')
}

export function withView({ technician_id, store_id, q }: RepairFilter, view: View): RepairFilter {
  const rest = { ...(technician_id && { technician_id }), ...(store_id && { store_id }), ...(q && { q }) }
  if (view === 'all') return rest
  return ORDER_STATUSES.some((status) => status === view)
    ? { ...rest, status: view as OrderStatus }
    : { ...rest, [view]: true }
}
