import { type Builder, cents, int, nullable, ref, synced, text } from './columns.ts'

/**
 * What a device looked like when it came in and on the bench; what a customer handed over in cash, and what the repair cost
 * then; the address under which customers reach the shop's server.
 */
export async function photosAndCash({ table, index, addColumn }: Builder): Promise<void> {
  await table(
    'ticket_photo',
    synced({
      order_id: ref('repair_order'),
      photo_id: ref('photo'),
      position: int(),
      taken_by: nullable(ref('user')),
    }),
  )
  await index('ticket_photo', ['order_id', 'position'])
  await index('ticket_photo', ['photo_id'])
  for (const name of ['tendered_cents', 'cost_cents', 'discount_cents'])
    await addColumn('payment', name, nullable(cents()))
  await addColumn('store', 'public_address', nullable(text()))
}
