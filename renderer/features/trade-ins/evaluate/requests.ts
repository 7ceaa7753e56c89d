import type {
  BuyIn as BuyInSchema,
  BuyInChanges,
  BuyInLine as BuyInLineSchema,
  NewBuyIn,
  NewCheck,
  OfferMade,
  SellerNamed,
} from '../../../../server/counter/trade-ins/buy-ins.contract.ts'
import type { TradeInDetail } from '../../../../server/counter/trade-ins/trade-ins.contract.ts'
import type { z } from 'zod'
import { del, get, post, put, type Wire } from '../../../api.ts'
import { queryClient } from '../../../query.ts'

/** What evaluating asks of the server, by its name there. */

export type BuyIn = Wire<typeof BuyInSchema>
export type BuyInLine = Wire<typeof BuyInLineSchema>
export type Question = BuyIn['questions'][number]
export type Option = Question['options'][number]
export type Check = BuyIn['checks'][number]
export type OtherPrice = NonNullable<BuyIn['other_price']>
export type NamedSeller = Wire<typeof SellerNamed>['customer']
export type Approval = Wire<typeof OfferMade>['approval']

export const buyInsQuery = {
  queryKey: ['buy-ins'],
  queryFn: () => get<z.ZodArray<typeof BuyInLineSchema>>('/counter/buy-ins'),
}
/** An answer that was overtaken on its way by a newer one changes nothing. */
export const buyInQuery = (id: string) => ({
  queryKey: ['buy-ins', id],
  queryFn: async () => {
    const now = await get<typeof BuyInSchema>(`/counter/buy-ins/${id}`)
    const known = queryClient.getQueryData<BuyIn>(['buy-ins', id])
    return known && known.version > now.version ? known : now
  },
})
export const tradeInQuery = (id: number) => ({
  queryKey: ['trade-ins', id],
  queryFn: () => get<typeof TradeInDetail>(`/counter/trade-ins/${id}`),
})

export const beginBuyIn = (from: Wire<typeof NewBuyIn>) =>
  post<typeof BuyInSchema, typeof NewBuyIn>('/counter/buy-ins', from)
export const keepBuyIn = (id: string, changes: Wire<typeof BuyInChanges>) =>
  put<typeof BuyInSchema, typeof BuyInChanges>(`/counter/buy-ins/${id}`, changes)
export const dropBuyIn = (id: string, version: number) => del(`/counter/buy-ins/${id}?version=${version}`)
export const noteCheck = (id: string, check: Wire<typeof NewCheck>) =>
  post<typeof BuyInSchema, typeof NewCheck>(`/counter/buy-ins/${id}/checks`, check)

type Made = z.ZodObject<{ pickup_id: z.ZodNumber; version: z.ZodNumber }>
/** Offers to whoever asked for it. Under one `key` an offer is made once. */
export const makeOffer = (id: string, offer: Wire<typeof OfferMade>, key: string) =>
  post<Made, typeof OfferMade>(`/counter/buy-ins/${id}/offer`, offer, { key })
/** Names who sells, and offers. Under one `key` an offer is made once. */
export const offerTo = (id: string, offer: Wire<typeof SellerNamed>, key: string) =>
  post<Made, typeof SellerNamed>(`/counter/buy-ins/${id}/seller`, offer, { key })

/** Where a photo of an evaluation is. */
export const photoPath = (id: string, photo_id: number, size: 'full' | 'thumbnail' = 'full') =>
  `/counter/buy-ins/${id}/photos/${photo_id}?size=${size}`
export const removePhoto = (id: string, photo_id: number) => del(`/counter/buy-ins/${id}/photos/${photo_id}`)
