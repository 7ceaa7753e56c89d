import type { z } from 'zod'
import type {
  DeskAnswer,
  TradeIn,
  TradeInChanges,
  TradeInDetail,
  TradeInQuery,
} from '../../../../server/counter/trade-ins/trade-ins.contract.ts'
import { get, patch, post, type Wire } from '../../../api.ts'

/** What the screens of requests ask of the server. */

export type Request = Wire<typeof TradeIn>
export type RequestDetail = Wire<typeof TradeInDetail>
export type Offer = RequestDetail['offers'][number]
export type Check = NonNullable<RequestDetail['device']>['checks'][number]
type Filter = Pick<Wire<typeof TradeInQuery>, 'todo' | 'before' | 'store_id'>

export const PAGE_SIZE = 50

export const fetchRequests = (filter: Filter, { offset = 0, limit = PAGE_SIZE } = {}) =>
  get<z.ZodArray<typeof TradeIn>>('/counter/trade-ins', { query: { ...filter, limit, offset } })

export const requestQuery = (id: number) => ({
  queryKey: ['trade-ins', id],
  queryFn: () => get<typeof TradeInDetail>(`/counter/trade-ins/${id}`),
})

export const changeRequest = (id: number, changes: Wire<typeof TradeInChanges>) =>
  patch<typeof TradeInDetail, typeof TradeInChanges>(`/counter/trade-ins/${id}`, changes)

export const answerOffer = (id: number, answer: Wire<typeof DeskAnswer>) =>
  post<typeof TradeInDetail, typeof DeskAnswer>(`/counter/trade-ins/${id}/answer`, answer)
