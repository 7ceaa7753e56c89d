import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import { nameKey } from '../../domain/text/fold.ts'
import type { Grade } from '../../domain/grade.ts'
import { type Offer, storageKey, tradeInOffer } from '../../domain/money/trade-in-price.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { takeNamed } from '../devices/catalogue.ts'

/** The price matrix of trade-ins, and what is taken off for faults. */

export type NewPrice = {
  brand_id: number
  model: string
  storage: string | null
  condition: Grade
  price_cents: number
  valid_from: number | null
  valid_until: number | null
}

export type NewDeduction = {
  name: string
  amount_cents: number | null
  percent_tenths: number | null
  valid_from: number | null
  valid_until: number | null
}

export type DeviceAsked = { brand: string; model: string; storage: string | null; condition: Grade }

/** What the store API estimates for a device today, its fee and its default included. */
export async function estimateFor(
  db: Db,
  { brand, model, storage, condition }: DeviceAsked,
  now: number,
): Promise<Offer> {
  return tradeInOffer({ entries: await pricesOf(db, brand, model), storage, condition, now })
}

/** The lines of the matrix for a model, the oldest first. */
export const pricesOf = (db: Db, brand: string, model: string) =>
  listPrices(db)
    .where('brand.name_key', '=', nameKey(brand))
    .where('trade_in_price.model_key', '=', nameKey(model))
    .execute()

/** The lines of the matrix, in the order of their ids. */
export const listPrices = (db: Db) =>
  db
    .selectFrom('trade_in_price')
    .innerJoin('brand', 'brand.id', 'trade_in_price.brand_id')
    .select([
      'trade_in_price.id',
      'trade_in_price.brand_id',
      'brand.name as brand_name',
      'trade_in_price.model',
      'trade_in_price.storage',
      'trade_in_price.storage_key',
      'trade_in_price.condition',
      'trade_in_price.price_cents',
      'trade_in_price.valid_from',
      'trade_in_price.valid_until',
    ])
    .where('trade_in_price.deleted_at', 'is', null)
    .where('brand.deleted_at', 'is', null)
    .orderBy('trade_in_price.id')

/** @throws 404 */
export async function findPrice(db: Db, id: number) {
  const price = await listPrices(db).where('trade_in_price.id', '=', id).executeTakeFirst()
  if (!price) throw notFound('price-not-found', 'Price not found')
  return price
}

/**
 * Adds a line to the matrix and returns its id.
 * @throws 404 for the brand
 */
export async function addPrice(trx: Trx, price: NewPrice): Promise<number> {
  await takeNamed(trx, 'brand', price.brand_id)
  const keys = { model_key: nameKey(price.model), storage_key: storageKey(price.storage) }
  return await insert(trx, 'trade_in_price', { ...price, ...keys })
}

/** @throws 404 for the line or the brand */
export async function changePrice(trx: Trx, id: number, changes: Partial<NewPrice>): Promise<void> {
  await findPrice(trx, id)
  if (changes.brand_id !== undefined) await takeNamed(trx, 'brand', changes.brand_id)
  await patch(trx, 'trade_in_price', id, { ...changes, ...keysOf(changes) })
}

/** @throws 404 */
export async function removePrice(trx: Trx, id: number): Promise<void> {
  await findPrice(trx, id)
  await remove(trx, 'trade_in_price', id)
}

const keysOf = ({ model, storage }: Partial<NewPrice>) => ({
  ...(model !== undefined && { model_key: nameKey(model) }),
  ...(storage !== undefined && { storage_key: storageKey(storage) }),
})

export const listDeductions = (db: Db) =>
  db
    .selectFrom('trade_in_deduction')
    .select(['id', 'name', 'amount_cents', 'percent_tenths', 'valid_from', 'valid_until'])
    .where('deleted_at', 'is', null)
    .orderBy('id')

/** @throws 404 */
export async function findDeduction(db: Db, id: number) {
  const deduction = await listDeductions(db).where('id', '=', id).executeTakeFirst()
  if (!deduction) throw notFound('deduction-not-found', 'Deduction not found')
  return deduction
}

/** @throws 400 where there is one of this name */
export async function addDeduction(trx: Trx, deduction: NewDeduction): Promise<number> {
  const name_key = nameKey(deduction.name)
  await refuseNamedTwice(trx, name_key)
  return await insert(trx, 'trade_in_deduction', { ...deduction, name_key })
}

async function refuseNamedTwice(db: Db, name_key: string, except?: number) {
  const known = await db
    .selectFrom('trade_in_deduction')
    .select(['id', 'name'])
    .where('name_key', '=', name_key)
    .where('deleted_at', 'is', null)
    .execute()
  const other = known.find(({ id }) => id !== except)
  if (other) throw badRequest('deduction-exists', 'There is a deduction of this name', { name: other.name })
}

/** @throws 404; 400 where another one has this name */
export async function changeDeduction(trx: Trx, id: number, changes: Partial<NewDeduction>): Promise<void> {
  await findDeduction(trx, id)
  const named = changes.name === undefined ? {} : { name_key: nameKey(changes.name) }
  if (named.name_key !== undefined) await refuseNamedTwice(trx, named.name_key, id)
  await patch(trx, 'trade_in_deduction', id, { ...changes, ...named })
}

/** @throws 404; 400 while an answer of a question takes it off: nothing would be taken off for that fault any more */
export async function removeDeduction(trx: Trx, id: number): Promise<void> {
  await findDeduction(trx, id)
  const questions = await trx.selectFrom('checklist_item').select('options').where('deleted_at', 'is', null).execute()
  // Only questions.ts writes the column.
  const options = questions.flatMap((row) => JSON.parse(row.options) as { deduction_id: number | null }[])
  if (options.some(({ deduction_id }) => deduction_id === id))
    throw badRequest('deduction-asked', 'A question takes this off: change the question first')
  await remove(trx, 'trade_in_deduction', id)
}
