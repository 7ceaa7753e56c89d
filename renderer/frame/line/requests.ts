import type { Line as LineShape, WaitingWork } from '../../../server/counter/fleet/line.contract.ts'
import { get, type Wire } from '../../api.ts'

export type Line = NonNullable<Wire<typeof LineShape>>

/** The server tells of each change. */
export const lineQuery = { queryKey: ['fleet', 'line'], queryFn: () => get<typeof LineShape>('/counter/line') }

/** Asked while somebody looks. */
export const waitingWorkQuery = {
  queryKey: ['fleet', 'waiting'],
  queryFn: () => get<typeof WaitingWork>('/counter/line/waiting'),
}
