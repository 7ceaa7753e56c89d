import type { z } from 'zod'
import type {
  NewPurchase,
  Printed,
  Purchase,
  PurchaseFacts,
  Rules,
  Undo,
} from '../../../../server/counter/trade-ins/purchases.contract.ts'
import type { IdentityPhoto } from '../../../../server/counter/trade-ins/trade-ins.contract.ts'
import { get, post, upload, type Wire } from '../../../api.ts'
import { shrinkPicture } from '../../../shrink-picture.ts'

/** What buying a device asks of the server. */

export type NewPurchaseBody = Wire<typeof NewPurchase>
export type PurchaseData = Wire<typeof Purchase>
export type PurchaseFactsData = Wire<typeof PurchaseFacts>
export type ShopRules = Wire<typeof Rules>
export type Approval = NonNullable<NewPurchaseBody['approval']>

export const rulesQuery = {
  queryKey: ['shop', 'rules'],
  queryFn: () => get<typeof Rules>('/counter/shop/rules'),
}

/** Without the papers of its seller, as often as anybody likes. */
export const purchaseFactsQuery = (id: number) => ({
  queryKey: ['purchase-facts', id],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    get<typeof PurchaseFacts>(`/counter/purchases/${id}/facts`, { signal }),
})

/** The photo of the document that its seller showed: each time it is fetched somebody looks at it. */
export const documentPhotoOf = (id: number) => `/counter/purchases/${id}/photo`

/** Each look at it is written down: it is asked once a visit, not whenever something changes. */
export const purchaseQuery = (id: number) => ({
  queryKey: ['purchases', id],
  queryFn: () => get<typeof Purchase>(`/counter/purchases/${id}`),
  staleTime: Infinity,
  gcTime: 0,
  refetchOnWindowFocus: false,
})

export const buyDevice = (request: number, body: NewPurchaseBody, key: string) =>
  post<typeof Purchase, typeof NewPurchase>(`/counter/trade-ins/${request}/purchase`, body, { key })

export const undoPurchase = (id: number, body: Wire<typeof Undo>, key: string) =>
  post<typeof Purchase, typeof Undo>(`/counter/purchases/${id}/undo`, body, { key })

export const notePrint = (id: number, paper: Wire<typeof Printed>['paper']) =>
  post<z.ZodObject<{ printed: z.ZodNumber }>, typeof Printed>(`/counter/purchases/${id}/prints`, { paper })

/** Keeps a photo of the seller's document; returns what the purchase names it by. */
export async function keepIdentityPhoto(request: number, file: Blob, key: string): Promise<string | null> {
  const form = new FormData()
  form.append('photos', await shrinkPicture(file), 'document.jpg')
  const path = `/counter/trade-ins/${request}/identity-photos`
  return (await upload<typeof IdentityPhoto>(path, form, key)).photo
}
