import { json } from '../../http/body.ts'
import { list, nothing, read, write } from '../../http/endpoint.ts'
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
