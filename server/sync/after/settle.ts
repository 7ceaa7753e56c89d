import type { Trx } from '../../../db/handle.ts'
import { isMine } from '../../../db/ownership.ts'
import { noteSuspects } from '../../../db/fleet/conflicts.ts'
import { paymentTotals, recomputePaymentState } from '../../shop/card-payments/ledger.ts'
import { overpaid } from '../../shop/repairs/payments.ts'
import { settleRepair } from '../../shop/repairs/settle-repair.ts'
import { paidTwice } from '../../shop/sales/order-outcome.ts'
import { settleSale } from '../../shop/sales/settle-sale.ts'
import { stockBelowZero, unitsTwice, withSameSerial } from '../../shop/stock/odd-stock.ts'
import { overtakenOffers } from '../../shop/trade-ins/overtaken.ts'
import type { About } from './touched.ts'

/** The owner of a row does what follows from what others did with it, and what no machine can do by itself becomes a task. */
export async function settle(trx: Trx, { repairs, sales, products, units, requests }: About): Promise<void> {
  for (const id of repairs) await settleRepair(trx, id)
  for (const id of sales) {
    await settleSale(trx, id)
    await settleCardPayments(trx, id)
  }
  await noteSuspects(trx, 'repair-paid-twice', repairs, new Set((await overpaid(trx, repairs)).keys()))
  await noteSuspects(trx, 'sale-paid-twice', sales, new Set((await paidTwice(trx, sales)).keys()))
  await noteSuspects(trx, 'stock-below-zero', products, new Set((await stockBelowZero(trx, products)).keys()))
  const alike = await withSameSerial(trx, units)
  await noteSuspects(trx, 'unit-twice', alike, new Set((await unitsTwice(trx, alike)).keys()))
  await noteSuspects(trx, 'offer-overtaken', requests, new Set((await overtakenOffers(trx, requests)).keys()))
}

/** Of this machine's own card payments that hold money: whether it is due back follows from what became of the order. */
async function settleCardPayments(trx: Trx, order_id: number): Promise<void> {
  const payments = await trx
    .selectFrom('sales_payment')
    .select('id')
    .where('order_id', '=', order_id)
    .where('intent_id', 'is not', null)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  for (const { id } of payments)
    if ((await isMine(trx, id)) && (await paymentTotals(trx, id)).charged > 0) await recomputePaymentState(trx, id)
}
