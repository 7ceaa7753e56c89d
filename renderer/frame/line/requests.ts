import type {
  DayOfRows,
  Differences as DifferencesShape,
  SentDay,
  TakenDay,
} from '../../../server/counter/fleet/differences.contract.ts'
import type { Line as LineShape, WaitingWork } from '../../../server/counter/fleet/line.contract.ts'
import { get, post, type Wire } from '../../api.ts'

export type Line = NonNullable<Wire<typeof LineShape>>

/** The server tells of each change. */
export const lineQuery = { queryKey: ['fleet', 'line'], queryFn: () => get<typeof LineShape>('/counter/line') }

/** Asked while somebody looks. */
export const waitingWorkQuery = {
  queryKey: ['fleet', 'waiting'],
  queryFn: () => get<typeof WaitingWork>('/counter/line/waiting'),
}

export type Differing = Wire<typeof DifferencesShape>['differs'][number]

/** The server tells when rows were compared again. */
export const differencesQuery = {
  queryKey: ['fleet', 'differences'],
  queryFn: () => get<typeof DifferencesShape>('/counter/line/differences'),
}

export const takeDay = (body: Wire<typeof DayOfRows>) =>
  post<typeof TakenDay, typeof DayOfRows>('/counter/line/differences/taking', body, { keyed: false })

export const sendDay = (body: Wire<typeof DayOfRows>) =>
  post<typeof SentDay, typeof DayOfRows>('/counter/line/differences/sending', body, { keyed: false })
