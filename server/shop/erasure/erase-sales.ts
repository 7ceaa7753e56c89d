import type { Db, Trx } from '../../../db/handle.ts'
import type { ErasedRows } from '../../../db/journal/erase.ts'
import { deleteLocal } from '../../../db/local.ts'
import { patch, patchUnchecked, remove } from '../../../db/rows.ts'
import { badRequest } from '../../http/errors.ts'

/**
 * Takes away where a customer of the store lives, what lies in their cart and what was written on their orders. Orders
 * and prices stay, about nobody. Returns the rows whose past in the journal has to be erased as well.
 * @throws 400 while an order is open
 */
export async function eraseSales(trx: Trx, user_id: number): Promise<ErasedRows> {
  await refuseOpenSales(trx, user_id)
  await eraseCarts(trx, user_id)
  return {
    sales_order: await eraseOrders(trx, user_id),
    refund: await eraseReasons(trx, user_id),
    address: await eraseAddresses(trx, user_id),
  }
}

async function refuseOpenSales(db: Db, user_id: number) {
  const open = await db
    .selectFrom('sales_order')
    .select('id')
    .where('user_id', '=', user_id)
    .where('status', 'in', ['pending', 'paid', 'shipped'])
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  const orders = open.map(({ id }) => `ORD${id}`).join(', ')
  if (open.length > 0)
    throw badRequest(
      'customer-has-orders',
      `This customer has open orders: ${orders}. Complete or cancel them first.`,
      { orders },
    )
}

async function eraseOrders(trx: Trx, user_id: number): Promise<number[]> {
  const orders = await trx.selectFrom('sales_order').select('id').where('user_id', '=', user_id).execute()
  for (const { id } of orders) await patch(trx, 'sales_order', id, { shipping_address: null, notes: null })
  return orders.map(({ id }) => id)
}

/** Why money went back, in the words of who gave it. */
async function eraseReasons(trx: Trx, user_id: number): Promise<number[]> {
  const refunds = await trx
    .selectFrom('refund')
    .innerJoin('sales_order', 'sales_order.id', 'refund.order_id')
    .select('refund.id')
    .where('sales_order.user_id', '=', user_id)
    .execute()
  for (const { id } of refunds) await patchUnchecked(trx, 'refund', id, { reason: null })
  return refunds.map(({ id }) => id)
}

const EMPTY_ADDRESS = {
  full_name: '',
  phone_number: '',
  address_line1: '',
  address_line2: null,
  city: '',
  state: '',
  postal_code: '',
  country: '',
}

async function eraseAddresses(trx: Trx, user_id: number): Promise<number[]> {
  const addresses = await trx
    .selectFrom('address')
    .select(['id', 'deleted_at'])
    .where('user_id', '=', user_id)
    .execute()
  for (const { id } of addresses) await patch(trx, 'address', id, EMPTY_ADDRESS)
  for (const { id, deleted_at } of addresses) if (deleted_at === null) await remove(trx, 'address', id)
  return addresses.map(({ id }) => id)
}

/** Takes away their carts. What an older program told the journal of them is erased with the person's own past. */
async function eraseCarts(trx: Trx, user_id: number): Promise<void> {
  const carts = await trx.selectFrom('cart').select('id').where('user_id', '=', user_id).execute()
  for (const { id } of carts) {
    await deleteLocal(trx, 'cart_item', { cart_id: id })
    await deleteLocal(trx, 'cart', { id })
  }
}
