import { json } from '../../http/body.ts'
import type { Trx } from '../../../db/handle.ts'
import { instantOf } from '../../domain/time/shop-day.ts'
import { badRequest } from '../../http/errors.ts'
import { file, list, nothing, read, write } from '../../http/endpoint.ts'
import { allOrPageOf, pageOf } from '../../http/paging.ts'
import { admin, anyEmployee } from '../../http/auth/permissions.ts'
import {
  addDeduction,
  addPrice,
  changeDeduction,
  changePrice,
  findDeduction,
  findPrice,
  listDeductions,
  listPrices,
  removeDeduction,
  removePrice,
} from '../../shop/trade-ins/prices.ts'
import { ownShop } from '../../shop/shop-settings.ts'
import { setPrices } from '../../shop/trade-ins/price-changes.ts'
import { pricesAsCsv } from './price-csv.ts'
import { historyOf, priceSheet } from './price-sheet.ts'
import { CsvQuery, HistoryQuery, NewPrices, PriceHistory, PriceSheet, PricesSet } from './price-sheet.contract.ts'
import {
  Deduction,
  DeductionChanges,
  LineId,
  NewDeduction,
  NewTradeInPrice,
  PriceQuery,
  TradeInPrice,
  TradeInPriceChanges,
} from './prices.contract.ts'

/** Ten thousand rows with long names. */
const BYTES_OF_PRICES = 4_194_304

/** The price matrix: everybody behind the counter reads it, admins set the prices. */
export const tradeInPrices = [
  read(
    'GET /trade-in-prices',
    {
      who: anyEmployee,
      query: PriceQuery,
      response: list(TradeInPrice),
      summary: 'What the shop pays for used devices, in id order',
    },
    async ({ db }, { query: { brand_id, ...page } }) => {
      const prices = listPrices(db).$if(brand_id !== undefined, (query) =>
        query.where('trade_in_price.brand_id', '=', brand_id!),
      )
      return await pageOf(db, prices, page)
    },
  ),

  read(
    'GET /trade-in-prices/sheet',
    {
      who: anyEmployee,
      response: PriceSheet,
      summary: 'The price matrix, with what such units sold for in the last 90 days and how many are here',
    },
    async ({ db, now }) => await priceSheet(db, now()),
  ),

  read(
    'GET /trade-in-prices/history',
    { who: anyEmployee, query: HistoryQuery, response: PriceHistory, summary: 'What was paid for a device, and when' },
    async ({ db }, { query }) => await historyOf(db, query),
  ),

  read(
    'GET /trade-in-prices.csv',
    { who: anyEmployee, query: CsvQuery, response: file('text/csv'), summary: 'The price matrix for a spreadsheet' },
    async ({ db, now }, { query }) => ({
      type: 'text/csv; charset=utf-8',
      bytes: pricesAsCsv(await priceSheet(db, now()), query),
      headers: { 'Content-Disposition': 'attachment; filename="trade-in-prices.csv"' },
    }),
  ),

  write(
    'PUT /trade-in-prices',
    {
      who: admin,
      body: json(NewPrices, BYTES_OF_PRICES),
      response: PricesSet,
      refusals: { 400: { 'day-not-ahead': 'The day from which prices count has begun already' } },
      summary: 'Sets many prices from now on or from a day on; what was paid before stays in the matrix, and ends then',
    },
    async ({ trx }, { body: { from: day, rows } }) => {
      const from = await beginningOf(trx, day ?? null)
      const changed = await setPrices(
        trx,
        rows.map(({ storage, ...row }) => ({ ...row, storage: storage?.trim() || null })),
        from,
      )
      return { changed, from }
    },
  ),

  write(
    'POST /trade-in-prices',
    { who: admin, body: json(NewTradeInPrice), response: TradeInPrice, status: 201, summary: 'Adds a price' },
    async ({ trx }, { body: { storage = null, valid_from = null, valid_until = null, ...price } }) =>
      await findPrice(trx, await addPrice(trx, { ...price, storage, valid_from, valid_until })),
  ),

  write(
    'PATCH /trade-in-prices/:id',
    { who: admin, params: LineId, body: json(TradeInPriceChanges), response: TradeInPrice, summary: 'Changes a price' },
    async ({ trx }, { params, body }) => {
      await changePrice(trx, params.id, body)
      return await findPrice(trx, params.id)
    },
  ),

  write(
    'DELETE /trade-in-prices/:id',
    { who: admin, params: LineId, response: nothing, summary: 'Removes a price' },
    async ({ trx }, { params }) => await removePrice(trx, params.id),
  ),

  read(
    'GET /trade-in-deductions',
    { who: anyEmployee, response: list(Deduction), summary: 'What is taken off for faults' },
    ({ db }) => allOrPageOf(db, listDeductions(db), {}),
  ),

  write(
    'POST /trade-in-deductions',
    { who: admin, body: json(NewDeduction), response: Deduction, status: 201, summary: 'Adds a deduction' },
    async (
      { trx },
      { body: { amount_cents = null, percent_tenths = null, valid_from = null, valid_until = null, name } },
    ) => {
      const deduction = { name, amount_cents, percent_tenths, valid_from, valid_until }
      return await findDeduction(trx, await addDeduction(trx, deduction))
    },
  ),

  write(
    'PATCH /trade-in-deductions/:id',
    { who: admin, params: LineId, body: json(DeductionChanges), response: Deduction, summary: 'Changes a deduction' },
    async ({ trx }, { params, body }) => {
      await changeDeduction(trx, params.id, body)
      return await findDeduction(trx, params.id)
    },
  ),

  write(
    'DELETE /trade-in-deductions/:id',
    { who: admin, params: LineId, response: nothing, summary: 'Removes a deduction' },
    async ({ trx }, { params }) => await removeDeduction(trx, params.id),
  ),
]

/** From now on, or from the beginning of a day that is still ahead. @throws 400 */
async function beginningOf(trx: Trx, day: string | null): Promise<number> {
  if (day === null) return trx.act.now
  const { time_zone } = await ownShop(trx)
  const [year, month, date] = day.split('-').map(Number) as [number, number, number] // `day` of the contract.
  const at = instantOf({ year, month, day: date, hour: 0, minute: 0 }, time_zone)
  if (at <= trx.act.now) throw badRequest('day-not-ahead', 'The day has begun already')
  return at
}
