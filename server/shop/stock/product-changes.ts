import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import { cityKeys } from '../../domain/cities.ts'
import { discountTenths } from '../../domain/money/discount.ts'
import type { Grade } from '../../domain/grade.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { findNamed, findOrAddNamed } from '../devices/catalogue.ts'
import { type DescribedProduct, findProduct, type Product } from './product-list.ts'
import { productKey } from './product-key.ts'
import { isReserved, isStocked } from './ledger.ts'

/** What a product is made of. No two have the same brand, model, name and condition: more of the same is stock. */
export type NewProduct = {
  category_id: number
  /** Added where the shop does not know it. */
  brand: string
  location_id?: number | null | undefined
  model: string
  name: string
  description?: string | null | undefined
  condition: Grade
  price_cents: number
  /** The price unless given. */
  original_price_cents?: number | undefined
  rating_hundredths?: number | undefined
  reviews?: number | undefined
  /** The address of a picture elsewhere. */
  image?: string | null | undefined
  highlights?: string[] | undefined
  cities?: string[] | undefined
  serialised?: boolean | undefined
  /** Null shows it in the web shop as soon as it has a price and something to sell. */
  web?: boolean | null | undefined
}

/** `undefined` leaves a field as it is. */
export type ProductChanges = Partial<NewProduct>

/**
 * Adds a product, without stock, and returns it.
 * @throws 404 for category or location, 400 when there is the same product already
 */
export async function addProduct(trx: Trx, wanted: NewProduct): Promise<DescribedProduct> {
  const { brand: name, location_id = null, description = null, image = null, highlights = [], cities = [] } = wanted
  await checkPlaces(trx, wanted)
  const brand_id = await findOrAddNamed(trx, 'brand', name)
  const source_key = await freeKey(trx, brand_id, wanted)
  const { category_id, model, condition, price_cents, original_price_cents = price_cents } = wanted
  const id = await insert(trx, 'product', {
    category_id,
    brand_id,
    location_id,
    model,
    name: wanted.name,
    description,
    condition,
    price_cents,
    original_price_cents,
    discount_tenths: discountTenths(price_cents, original_price_cents),
    rating_hundredths: wanted.rating_hundredths ?? 0,
    reviews: wanted.reviews ?? 0,
    image,
    highlights: JSON.stringify(highlights),
    ...citiesOf(cities),
    serialised: wanted.serialised ?? false,
    web: wanted.web ?? null,
    source_key,
  })
  return await findProduct(trx, id)
}

/**
 * Changes a product and returns it. The address of a picture takes the place of our own.
 * @throws 404 for it, category or location; 400 when it becomes the same as another, or while pieces lie there or wait for
 * their buyer that another way of counting would lose
 */
export async function changeProduct(trx: Trx, id: number, changes: ProductChanges): Promise<DescribedProduct> {
  const before = await findProduct(trx, id)
  const { brand, serialised, highlights, cities, ...fields } = changes
  await checkPlaces(trx, changes)
  if (serialised !== undefined && Number(serialised) !== before.serialised) await refuseStock(trx, id)
  const brand_id = brand === undefined ? before.brand_id : await findOrAddNamed(trx, 'brand', brand)
  const { price_cents = before.price_cents, original_price_cents = before.original_price_cents } = changes
  const { model = before.model, name = before.name, condition = before.condition } = changes
  const isNamedAnew = brand_id !== before.brand_id || [model, name, condition].join('\n') !== namesOf(before)
  await patch(trx, 'product', id, {
    ...fields,
    brand_id,
    serialised,
    discount_tenths: discountTenths(price_cents, original_price_cents),
    ...(highlights && { highlights: JSON.stringify(highlights) }),
    ...(cities && citiesOf(cities)),
    ...(changes.image && { photo_id: null }),
    ...(isNamedAnew && { source_key: await freeKey(trx, brand_id, { model, name, condition }, id) }),
  })
  return await findProduct(trx, id)
}

/**
 * Shows one of our own pictures for a product, or none.
 * @throws 404
 */
export async function showPhoto(trx: Trx, id: number, photo_id: number | null): Promise<void> {
  await findProduct(trx, id)
  await patch(trx, 'product', id, { photo_id, image: null })
}

/**
 * Takes a product out of the catalogue. Its stock, orders and history stay.
 * @throws 404
 */
export async function hideProduct(trx: Trx, id: number): Promise<void> {
  await findProduct(trx, id)
  await remove(trx, 'product', id)
}

const citiesOf = (cities: readonly string[]) => ({ cities: JSON.stringify(cities), city_keys: cityKeys(cities) })

const namesOf = ({ model, name, condition }: Product) => [model, name, condition].join('\n')

async function checkPlaces(db: Db, { category_id, location_id }: ProductChanges) {
  if (category_id !== undefined) await findLive(db, 'category', category_id)
  if (location_id !== undefined && location_id !== null) await findLive(db, 'location', location_id)
}

const MISSING = {
  category: () => notFound('category-not-found', 'Category not found'),
  location: () => notFound('location-not-found', 'Location not found'),
}

async function findLive(db: Db, table: keyof typeof MISSING, id: number) {
  const found = await db
    .selectFrom(table)
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw MISSING[table]()
}

/** The key of a product that is to be. */
async function freeKey(
  db: Db,
  brand_id: number,
  { model, name, condition }: Pick<NewProduct, 'model' | 'name' | 'condition'>,
  except?: number,
): Promise<string> {
  const brand = await findNamed(db, 'brand', brand_id)
  const key = productKey(brand.name, model, name, condition)
  const same = await db
    .selectFrom('product')
    .select('id')
    .where('source_key', '=', key)
    .where('deleted_at', 'is', null)
    .limit(2)
    .execute()
  if (same.some(({ id }) => id !== except)) throw badRequest('product-exists', 'Product already exists')
  return key
}

async function refuseStock(trx: Trx, id: number) {
  if (await isReserved(trx, id))
    throw badRequest('product-reserved', 'Orders hold pieces of it: complete or cancel them first')
  if (await isStocked(trx, id)) throw badRequest('product-in-stock', 'Product is in stock: count it out first')
}
