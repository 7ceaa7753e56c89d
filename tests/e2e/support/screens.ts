import type { Counter } from './counter.ts'

/** Every screen of a shop in the middle of its work, by its address, and how it is known to be there. */
export async function everyScreen({ shop }: Counter): Promise<{ path: string; there: string }[]> {
  const { db } = shop.database
  const { id, customer_id, device_id } = await db
    .selectFrom('repair_order')
    .select(['id', 'customer_id', 'device_id'])
    .where('status', '=', 'Repairing')
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const { id: purchase, pickup_id } = await db
    .selectFrom('receipt')
    .innerJoin('receipt_line', 'receipt_line.receipt_id', 'receipt.id')
    .select(['receipt.id', 'receipt_line.pickup_id'])
    .where('receipt.kind', '=', 'purchase')
    .orderBy('receipt.id')
    .executeTakeFirstOrThrow()
  const { id: order } = await db.selectFrom('sales_order').select('id').orderBy('id').executeTakeFirstOrThrow()
  return [
    { path: '/', there: 'tbody td a' },
    { path: '/intake', there: '[data-step=customer]' },
    { path: '/buy-in', there: '[data-step=number]' },
    { path: `/buy-in?device=${device_id}`, there: '[data-question]' },
    { path: '/trade-ins', there: 'tbody a' },
    { path: `/trade-ins/${pickup_id}`, there: '#bought' },
    { path: `/purchases/${purchase}`, there: '#in-web-shop' },
    { path: '/repairs', there: '[role=gridcell]' },
    { path: '/repairs/board', there: '[data-card]' },
    { path: `/tickets/${id}`, there: '[data-composer]' },
    { path: `/tickets/${id}/print/stub`, there: '[data-paper]' },
    { path: `/customers/${customer_id}`, there: 'tbody td a' },
    { path: `/devices/${device_id}`, there: 'tbody td a' },
    { path: '/web-orders', there: 'tbody td a' },
    { path: `/web-orders/${order}`, there: 'dl dd a' },
    { path: '/aside', there: '#content label' },
    { path: '/settings/me', there: 'input' },
    { path: '/settings/shop', there: 'fieldset' },
    { path: '/settings/people', there: 'tbody button' },
    { path: '/settings/prices', there: '[role=gridcell]' },
    { path: '/settings/questions', there: '[data-question]' },
    { path: '/settings/buying-in', there: 'fieldset' },
    { path: '/settings/tablets', there: '#connected-devices' },
    { path: '/no/such/page', there: '#content a' },
  ]
}
