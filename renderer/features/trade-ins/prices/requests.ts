import type { Catalogue } from '../../../../server/counter/repairs/catalogue.contract.ts'
import type {
  NewPrices,
  PriceHistory,
  PriceSheet,
  PricesSet,
  SheetRow,
} from '../../../../server/counter/trade-ins/price-sheet.contract.ts'
import type {
  Deduction as DeductionShape,
  DeductionChanges,
  NewDeduction,
} from '../../../../server/counter/trade-ins/prices.contract.ts'
import type { Grade } from '../../../../server/domain/grade.ts'
import type { ZodArray } from 'zod'
import { del, get, patch, post, put, type Wire } from '../../../api.ts'

/** Everything that the sheet of prices asks of the server, by its name there. */

export type Row = Wire<typeof SheetRow>
export type Deduction = Wire<typeof DeductionShape>
export type PricesToSave = Wire<typeof NewPrices>

export const sheetQuery = {
  queryKey: ['trade-in-prices', 'sheet'],
  queryFn: async () => (await get<typeof PriceSheet>('/counter/trade-in-prices/sheet')).rows,
}

export const historyQuery = (row: Pick<Row, 'brand_id' | 'model' | 'storage'>, condition: Grade) => ({
  queryKey: ['trade-in-prices', 'history', row.brand_id, row.model, row.storage, condition],
  queryFn: () =>
    get<typeof PriceHistory>('/counter/trade-in-prices/history', {
      query: { brand_id: row.brand_id, model: row.model, storage: row.storage, condition },
    }),
})

export const savePrices = (body: PricesToSave) =>
  put<typeof PricesSet, typeof NewPrices>('/counter/trade-in-prices', body)

/** What spreadsheets open; `decimal` as the language of the screen writes amounts. */
export const csvAddress = (decimal: 'point' | 'comma') => `/counter/trade-in-prices.csv?decimal=${decimal}`

export const deductionsQuery = {
  queryKey: ['trade-in-deductions'],
  queryFn: () => get<DeductionList>('/counter/trade-in-deductions'),
}
type DeductionList = ZodArray<typeof DeductionShape>

export const addDeduction = (body: Wire<typeof NewDeduction>) =>
  post<typeof DeductionShape, typeof NewDeduction>('/counter/trade-in-deductions', body)
export const changeDeduction = (id: number, body: Wire<typeof DeductionChanges>) =>
  patch<typeof DeductionShape, typeof DeductionChanges>(`/counter/trade-in-deductions/${id}`, body)
export const removeDeduction = (id: number) => del(`/counter/trade-in-deductions/${id}`)

export const brandsQuery = {
  queryKey: ['catalogue'],
  queryFn: () => get<typeof Catalogue>('/counter/catalogue'),
  staleTime: 60_000,
}
