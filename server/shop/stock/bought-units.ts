import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch } from '../../../db/rows.ts'
import type { Grade } from '../../domain/grade.ts'
import { starterIn } from '../../domain/starters.ts'
import { serialKey } from '../../domain/text/fold.ts'
import { badRequest } from '../../http/errors.ts'
import { findModel, findNamed } from '../devices/catalogue.ts'
import type { Device } from '../devices/devices.ts'
import { listCategories } from './categories.ts'
import { unitsPresent } from './ledger.ts'
import { addProduct, changeProduct } from './product-changes.ts'
import { productKey } from './product-key.ts'
import { deviceName } from '../../domain/text/device-name.ts'

/** A device that the shop has bought becomes a unit of its stock, and leaves it again where the purchase is taken back. */

export type Bought = {
  device: Pick<Device, 'id' | 'brand_id' | 'model_id' | 'device_type_id' | 'serial_number'>
  storage: string | null
  condition: Grade
  cost_cents: number
  hold_until: number
  /** What it will be sold at where its product is new. */
  selling_price_cents: number | null
}

/** A unit that is written down; `arrive` puts it into stock, once its document is there. */
export type BoughtUnit = {
  id: number
  product_id: number
  title: string
  arrive(document: { purchase_receipt_id: number; receipt_line_id: number }): Promise<void>
}

/** Adds the unit to the product of its model, storage and grade, which is made where there is none. */
export async function addBoughtUnit(trx: Trx, bought: Bought): Promise<BoughtUnit> {
  const { device, condition, cost_cents, hold_until } = bought
  const { id: product_id, title } = await productFor(trx, bought)
  const id = await insert(trx, 'unit', {
    product_id,
    device_id: device.id,
    serial_number: device.serial_number,
    serial_key: (device.serial_number && serialKey(device.serial_number)) || null,
    condition,
    cost_cents,
    origin: 'trade-in',
    hold_until,
  })
  const arrive: BoughtUnit['arrive'] = async ({ purchase_receipt_id, receipt_line_id }) => {
    await patch(trx, 'unit', id, { purchase_receipt_id })
    const movement = { product_id, unit_id: id, kind: 'trade-in' as const, quantity: 1, receipt_line_id }
    await insert(trx, 'stock_movement', { ...movement, actor_id: trx.act.actor })
  }
  return { id, product_id, title, arrive }
}

async function productFor(trx: Trx, bought: Bought): Promise<{ id: number; title: string }> {
  const { device, condition, selling_price_cents } = bought
  const { brand, model, called } = await namesOf(trx, bought)
  const title = `${deviceName({ brand: brand.name, model: called })} ${condition}`
  for (const name of productNames(called)) {
    const known = await productCalled(trx, productKey(brand.name, model.name, name, condition))
    // What is counted by pieces has no units: the same used device is a product of its own beside it.
    if (known?.serialised === 0) continue
    if (known) {
      if (known.price_cents === 0 && selling_price_cents !== null)
        await changeProduct(trx, known.id, {
          price_cents: selling_price_cents,
          original_price_cents: selling_price_cents,
        })
      return { id: known.id, title }
    }
    const price_cents = selling_price_cents ?? 0
    const category_id = await categoryOf(trx, device.device_type_id)
    const wanted = { category_id, brand: brand.name, model: model.name, name, condition, price_cents, serialised: true }
    return { id: (await addProduct(trx, wanted)).id, title }
  }
  throw badRequest('product-not-serialised', 'Product is counted, not kept by serial number')
}

async function namesOf(db: Db, { device, storage }: Pick<Bought, 'device' | 'storage'>) {
  const [brand, model] = [await findNamed(db, 'brand', device.brand_id), await findModel(db, device.model_id)]
  return { brand, model, called: [model.name, storage].filter(Boolean).join(' ') }
}

const productNames = (called: string) => [called, `${called} (used)`]

const productCalled = (db: Db, source_key: string) =>
  db
    .selectFrom('product')
    .select(['id', 'serialised', 'price_cents'])
    .where('source_key', '=', source_key)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()

/** What units of this model, storage and grade are sold at; null where nobody has said so yet. */
export async function sellingPrice(
  db: Db,
  bought: Pick<Bought, 'device' | 'storage' | 'condition'>,
): Promise<number | null> {
  const { brand, model, called } = await namesOf(db, bought)
  for (const name of productNames(called)) {
    const known = await productCalled(db, productKey(brand.name, model.name, name, bought.condition))
    if (known?.serialised === 1) return known.price_cents || null
  }
  return null
}

const CATEGORY_OF_TYPE: Record<string, string> = { Phone: 'phones', Laptop: 'laptops', Tablet: 'tablets' }

/** The category that is called as the type of device, or else that of all the rest. */
async function categoryOf(db: Db, device_type_id: number): Promise<number> {
  const type = await findNamed(db, 'device_type', device_type_id)
  const slug = CATEGORY_OF_TYPE[starterIn('device_type', type.name, 'en')] ?? 'accessories'
  const categories = await listCategories(db).execute()
  return (categories.find((category) => category.slug === slug) ?? categories[0]!).id
}

/** Whether a unit is here, and has not moved since it came: not sold, not counted out, not received again. */
export async function unitPlace(db: Db, id: number): Promise<'untouched' | 'moved' | 'gone'> {
  if (!(await unitsPresent(db, [id])).has(id)) return 'gone'
  const moved = await db.selectFrom('stock_movement').select('id').where('unit_id', '=', id).limit(2).execute()
  return moved.length > 1 ? 'moved' : 'untouched'
}

/** The unit goes back to who sold it. Whether it may is looked at before. */
export async function returnBoughtUnit(trx: Trx, id: number, receipt_line_id: number): Promise<void> {
  const { product_id } = await trx
    .selectFrom('unit')
    .select('product_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await insert(trx, 'stock_movement', {
    product_id,
    unit_id: id,
    kind: 'purchase-return',
    quantity: -1,
    receipt_line_id,
    actor_id: trx.act.actor,
  })
}
