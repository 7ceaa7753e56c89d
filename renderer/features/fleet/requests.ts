import type {
  CodeToWithdraw,
  EnrolmentCode,
  Fleet as FleetShape,
  NewEnrolmentCode,
  Revocation,
} from '../../../server/counter/fleet/fleet.contract.ts'
import type { Stores as StoresShape } from '../../../server/counter/fleet/stores.contract.ts'
import type { Span } from '../../../server/domain/time/shop-period.ts'
import { get, post, type Wire } from '../../api.ts'

export type Fleet = Wire<typeof FleetShape>
export type Stores = Wire<typeof StoresShape>
export type Terminal = Fleet['nodes'][number]
export type OpenCode = Fleet['codes'][number]
export type MadeCode = Wire<typeof EnrolmentCode>

/** Who comes and goes is told; when terminals were heard last head office asks again. */
export const fleetQuery = {
  queryKey: ['fleet', 'terminals'],
  queryFn: () => get<typeof FleetShape>('/counter/fleet'),
  refetchInterval: ({ state: { data } }: { state: { data?: Fleet | undefined } }) =>
    data?.role === 'head-office' ? 10_000 : false,
}

/** All of it is added up anew for each answer: it is asked once a minute, and not at each change of any store. */
export const storesQuery = (span: Span, day: string | undefined) => ({
  queryKey: ['stores', span, day],
  queryFn: () => get<typeof StoresShape>('/counter/fleet/stores', { query: { span, day } }),
  refetchInterval: 60_000,
})

export const makeCode = (body: Wire<typeof NewEnrolmentCode>) =>
  post<typeof EnrolmentCode, typeof NewEnrolmentCode>('/counter/fleet/codes', body, { keyed: false })

export const withdrawCode = (body: Wire<typeof CodeToWithdraw>) =>
  post<never, typeof CodeToWithdraw>('/counter/fleet/codes/withdrawal', body)

/** Head office looks after what it has said. */
export const shutOut = (id: number) => post<never, typeof Revocation>(`/counter/fleet/nodes/${id}/revocation`, {})
