import { type RawBuilder, sql } from 'kysely'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import { distinctTexts } from '../../../db/queries/distinct.ts'
import type { Db } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import { findIdsWhere } from '../../../db/search/search.ts'
import { cityKey } from '../../domain/cities.ts'
import type { Grade } from '../../domain/grade.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { notFound } from '../../http/errors.ts'
import { idsOfPage, type Page } from '../../http/paging.ts'
import { categoriesCalled } from './categories.ts'
import { productPhotoPath } from './product-photos.ts'
import { shownOnWeb } from './sellable.ts'

/** Looking through the catalogue. Pages are found by their ids alone, in an index that holds every filter; then the rows are read. */

/** A product as lists show it. */
export type Product = {
  id: number
  category_id: number
  brand_id: number
  brand: string
  location_id: number | null
  hub_name: string | null
  model: string
  name: string
  condition: Grade
  price_cents: number
  original_price_cents: number
  discount_tenths: number
  rating_hundredths: number
  reviews: number
  photo_id: number | null
  /** The hash of our own picture. */
  sha256: string | null
  /** The address of one elsewhere. */
  image: string | null
  /** JSON list of texts, as `cities` is. */
  highlights: string
  cities: string
  serialised: 0 | 1
  /** 0 keeps it out of the web shop, 1 puts it there; null as it has a price and something to sell. */
  web: 0 | 1 | null
  created_at: number
  updated_at: number
}

/** With its description, which may be as long as all the rest of a list. */
export type DescribedProduct = Product & { description: string | null }

/** Names in any case; a price filter is inclusive. */
export type ProductFilter = {
  /** `Phone` or `Phones`. */
  category?: string | undefined
  brand?: string | undefined
  condition?: Grade | undefined
  min_price?: number | undefined
  max_price?: number | undefined
  city?: string | undefined
  /** Only what the web shop shows at this instant, as `sellable.ts` has it. */
  on_web_at?: number | undefined
}

export type PageOf = { limit?: number | undefined; offset?: number | undefined }

const liveProducts = (db: Db) => db.selectFrom('product').where('product.deleted_at', 'is', null)

const withNames = (db: Db) =>
  liveProducts(db)
    .innerJoin('brand', 'brand.id', 'product.brand_id')
    .leftJoin('location', 'location.id', 'product.location_id')
    .leftJoin('photo', 'photo.id', 'product.photo_id')
    .select([
      'product.id',
      'category_id',
      'brand_id',
      'brand.name as brand',
      'location_id',
      'hub_name',
      'model',
      'product.name',
      'condition',
      'price_cents',
      'original_price_cents',
      'discount_tenths',
      'rating_hundredths',
      'reviews',
      'photo_id',
      'photo.sha256',
      'image',
      'highlights',
      'cities',
      'serialised',
      'web',
      'product.created_at',
      'product.updated_at',
    ])

const productById = prepared((db, id: number) =>
  withNames(db).select('product.description').where('product.id', '=', id),
)

/** Where a product's picture is: a path of this server, or an address elsewhere; null when it has none. */
export const imageOf = ({ sha256, image }: Pick<Product, 'sha256' | 'image'>) =>
  sha256 === null ? image : productPhotoPath(sha256)

/**
 * The product with this id.
 * @throws 404
 */
export async function findProduct(db: Db, id: number): Promise<DescribedProduct> {
  const [product] = await productById(db, id)
  if (!product) throw notFound('product-not-found', 'Product not found')
  return product
}

/**
 * The product with this id, as far as the web shop shows it at this instant.
 * @throws 404
 */
export async function findOnWeb(db: Db, id: number, at: number): Promise<DescribedProduct> {
  const shown = await liveProducts(db)
    .select('product.id')
    .where('product.id', '=', id)
    .where(await shownOnWeb(db, at))
    .executeTakeFirst()
  if (!shown) throw notFound('product-not-found', 'Product not found')
  return await findProduct(db, id)
}

const productsAmong = prepared((db, ids: unknown) =>
  withNames(db)
    .where(idIn(db, 'product.id', ids))
    .orderBy('product.id'),
)

/** These products in id order; one that is hidden is left out. */
export async function productsById(db: Db, ids: readonly number[]): Promise<Product[]> {
  return ids.length > 0 ? await productsAmong(db, idListParameter(db, ids)) : []
}

/** Products in id order. */
export async function listProducts(db: Db, filter: ProductFilter, page: PageOf): Promise<Page<Product>> {
  const conditions = await conditionsOf(db, filter)
  if (!conditions) return NONE
  return await productsOf(db, page, async (limit, offset) => {
    let found = liveProducts(db).select('product.id').orderBy('product.id').limit(limit).offset(offset)
    for (const condition of conditions) found = found.where(condition)
    return (await found.execute()).map(({ id }) => id)
  })
}

/** Products that hold every word of `q` in name, brand, model or description, in id order. */
export async function searchProducts(db: Db, q: string, filter: ProductFilter, page: PageOf): Promise<Page<Product>> {
  const conditions = await conditionsOf(db, filter)
  if (!conditions) return NONE
  // With it PostgreSQL may use the indexes of what is not removed.
  if (conditions.length > 0) conditions.push(sql`product.deleted_at is null`)
  return await productsOf(db, page, (limit, offset) => findIdsWhere(db, 'product', q, conditions, { limit, offset }))
}

/** Products of the web shop below their original price by at least `tenths` of a percent as shown, the largest reduction first. */
export async function listDeals(
  db: Db,
  { tenths, at }: { tenths: number; at: number },
  page: Required<PageOf>,
): Promise<Page<Product>> {
  const shown = await shownOnWeb(db, at)
  const { ids, total } = await idsOfPage(async (limit, offset) => {
    const found = await liveProducts(db)
      .select('product.id')
      .whereRef('price_cents', '<', 'original_price_cents')
      .where('discount_tenths', '>=', tenths)
      .where(shown)
      .orderBy('discount_tenths', 'desc')
      .orderBy('product.id')
      .limit(limit)
      .offset(offset)
      .execute()
    return found.map(({ id }) => id)
  }, page)
  const products = new Map((await productsById(db, ids)).map((product) => [product.id, product]))
  return { rows: ids.flatMap((id) => products.get(id) ?? []), total }
}

const NONE: Page<Product> = { rows: [], total: '0' }

async function productsOf(
  db: Db,
  { limit = 1_000, offset = 0 }: PageOf,
  find: (limit: number, offset: number) => Promise<number[]>,
): Promise<Page<Product>> {
  const { ids, total } = await idsOfPage(find, { limit, offset })
  return { rows: await productsById(db, ids), total }
}

/** What the filter asks of a product; null where it names what there is not. A blank name asks nothing. */
async function conditionsOf(db: Db, filter: ProductFilter): Promise<RawBuilder<boolean>[] | null> {
  const { condition, min_price, max_price, on_web_at } = filter
  const conditions: RawBuilder<boolean>[] = on_web_at === undefined ? [] : [await shownOnWeb(db, on_web_at)]
  const [category, brand] = [filter.category?.trim(), nameKey(filter.brand ?? '')]
  const city = cityKey(filter.city ?? '')
  if (category) {
    const ids = (await categoriesCalled(db, category)).map(({ id }) => id)
    if (ids.length === 0) return null
    conditions.push(sql`product.category_id in (${sql.join(ids)})`)
  }
  if (brand) {
    const ids = (await brandsCalled(db, brand)).map(({ id }) => id)
    if (ids.length === 0) return null
    conditions.push(sql`product.brand_id in (${sql.join(ids)})`)
  }
  if (condition) conditions.push(sql`product.condition = ${condition}`)
  if (min_price !== undefined) conditions.push(sql`product.price_cents >= ${min_price}`)
  if (max_price !== undefined) conditions.push(sql`product.price_cents <= ${max_price}`)
  if (city) {
    const sold = await soldIn(db, city)
    if (!sold) return null
    conditions.push(sold)
  }
  return conditions
}

/** Shops sell in a few sets of cities: so many are asked for by name, and more are looked through. */
const MAX_CITY_SETS = 500

/** The products sold in a city; null where there is none. */
async function soldIn(db: Db, city: string): Promise<RawBuilder<boolean> | null> {
  const sets = await distinctTexts(db, 'product', 'city_keys', MAX_CITY_SETS)
  if (!sets) return sql`product.city_keys like ${`%${city.replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`
  const holding = sets.filter((set) => set.includes(city))
  return holding.length > 0 ? sql`product.city_keys in (${sql.join(holding)})` : null
}

const brandsCalled = prepared((db, key: string) =>
  db.selectFrom('brand').select('id').where('name_key', '=', key).where('deleted_at', 'is', null),
)
