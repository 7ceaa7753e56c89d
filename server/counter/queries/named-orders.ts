import type { Db } from '../../../db/handle.ts'

/** Repairs that are there, joined with what they are called by: device, brand, model and customer. */
export function namedOrders(db: Db) {
  return db
    .selectFrom('repair_order')
    .innerJoin('device', 'device.id', 'repair_order.device_id')
    .innerJoin('brand', 'brand.id', 'device.brand_id')
    .innerJoin('model', 'model.id', 'device.model_id')
    .innerJoin('user as customer', 'customer.id', 'repair_order.customer_id')
    .where('repair_order.deleted_at', 'is', null)
}
