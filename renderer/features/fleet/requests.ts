import type {
  CodeToWithdraw,
  EnrolmentCode,
  Fleet as FleetShape,
  NewEnrolmentCode,
  Revocation,
} from '../../../server/counter/fleet/fleet.contract.ts'
import { get, post, type Wire } from '../../api.ts'

export type Fleet = Wire<typeof FleetShape>
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

export const makeCode = (body: Wire<typeof NewEnrolmentCode>) =>
  post<typeof EnrolmentCode, typeof NewEnrolmentCode>('/counter/fleet/codes', body, { keyed: false })

export const withdrawCode = (body: Wire<typeof CodeToWithdraw>) =>
  post<never, typeof CodeToWithdraw>('/counter/fleet/codes/withdrawal', body)

/** Head office looks after what it has said. */
export const shutOut = (id: number) => post<never, typeof Revocation>(`/counter/fleet/nodes/${id}/revocation`, {})
