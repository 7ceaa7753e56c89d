import type { Product, ProductChanges } from '../../../server/counter/stock/products.contract.ts'
import type { Release, Unit, UnitCard } from '../../../server/counter/stock/stock.contract.ts'
import { get, patch, post, type Wire } from '../../api.ts'

/** What is asked of the server about a piece of stock. */

export type UnitData = Wire<typeof UnitCard>
export type ProductOfUnit = NonNullable<UnitData['product']>

export const unitQuery = (id: number) => ({
  queryKey: ['units', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<typeof UnitCard>(`/counter/units/${id}`, { signal }),
})

/** `key` is of this one intention. */
export const endHold = (id: number, reason: string, key: string) =>
  post<typeof Unit, typeof Release>(`/counter/units/${id}/hold/release`, { reason }, { key })

export const setWeb = (product: number, web: boolean | null) =>
  patch<typeof Product, typeof ProductChanges>(`/counter/products/${product}`, { web })
