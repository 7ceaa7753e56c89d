import type { Trx } from '../../../db/handle.ts'
import { insertMany, type NewRow, patch } from '../../../db/rows.ts'
import { indexNow } from '../../../db/search/search-index.ts'
import { productsOfKeys } from '../../../db/queries/source-keys.ts'
import { cityKeys } from '../../domain/cities.ts'
import { discountTenths } from '../../domain/money/discount.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { addCategory, categoriesCalled } from '../../shop/stock/categories.ts'
import { addLocation, isCalled, listLocations } from '../../shop/stock/locations.ts'
import { type Product, productsById } from '../../shop/stock/product-list.ts'
import { reservedCounts, stockOf } from '../../shop/stock/ledger.ts'
import { rememberedNames } from './catalogue.ts'
import type { ProductRow } from './products-rows.ts'
import type { Write } from './source.ts'

/**
 * Adds the products that are not there yet, with their stock, and brings the others to what the file says of them; an
 * empty cell says nothing. With `setStock` the stock of those is counted anew.
 */
export function productsWriter({ setStock }: { setStock: boolean }): Write<ProductRow> {
  const placesOf = rememberedPlaces()
  return async (trx, read) => {
    const rows = lastOfEach(read)
    const known = await productsOfKeys(
      trx,
      rows.map(({ key }) => key),
    )
    const places = await placesOf(trx, rows)
    const [there, fresh] = [rows.filter(({ key }) => known.has(key)), rows.filter(({ key }) => !known.has(key))]
    const changed = await changeProducts(trx, there, known, places)
    if (setStock) for (const key of await countProducts(trx, there, known)) changed.add(key)
    await addProducts(trx, fresh, places)
    return { added: fresh.length, changed: changed.size }
  }
}

/** One row for each product: as the last line has it. */
const lastOfEach = (rows: readonly ProductRow[]) => [...new Map(rows.map((row) => [row.key, row])).values()]

async function addProducts(trx: Trx, rows: readonly ProductRow[], placesOf: Places) {
  const products = rows.map((row): NewRow<'product'> => {
    const { key, model, name, condition, price_cents, image, highlights, cities } = row
    const original_price_cents = row.original_price_cents ?? price_cents
    return {
      ...placesOf(row),
      model,
      name,
      condition,
      price_cents,
      original_price_cents,
      discount_tenths: discountTenths(price_cents, original_price_cents),
      rating_hundredths: 0,
      reviews: 0,
      image,
      highlights: JSON.stringify(highlights ?? []),
      cities: JSON.stringify(cities ?? []),
      city_keys: cityKeys(cities ?? []),
      serialised: false,
      source_key: key,
    }
  })
  const ids = await insertMany(trx, 'product', products)
  await indexNow(trx, 'product', ids, (index) => rows[index]!.words)
  const stocked = rows.map(({ stock }, index) => ({ product_id: ids[index]!, quantity: stock ?? 0 }))
  await insertMany(
    trx,
    'stock_movement',
    stocked.filter(({ quantity }) => quantity > 0).map((movement) => ({ ...movement, kind: 'receipt' as const })),
  )
}

type Known = ReadonlyMap<string, number>

/** Returns the keys of those that were different. */
async function changeProducts(trx: Trx, rows: readonly ProductRow[], known: Known, placesOf: Places) {
  const changed = new Set<string>()
  const products = new Map((await productsById(trx, [...known.values()])).map((product) => [product.id, product]))
  for (const row of rows) {
    const product = products.get(known.get(row.key)!)!
    const changes = changesOf(row, product, placesOf(row))
    const isOther = Object.entries(changes).some(([field, value]) => value !== product[field as keyof Product])
    if (!isOther) continue
    const { price_cents, original_price_cents } = changes
    await patch(trx, 'product', product.id, {
      ...changes,
      discount_tenths: discountTenths(price_cents, original_price_cents),
      ...(row.cities && { city_keys: cityKeys(row.cities) }),
    })
    changed.add(row.key)
  }
  return changed
}

/** What the file says of a product: the address of a picture does not take the place of our own. */
function changesOf(row: ProductRow, product: Product, { category_id, location_id }: Place) {
  return {
    category_id,
    price_cents: row.price_cents,
    original_price_cents: row.original_price_cents ?? originalOf(product, row.price_cents),
    ...(location_id !== null && { location_id }),
    ...(row.image && product.sha256 === null && { image: row.image }),
    ...(row.highlights && { highlights: JSON.stringify(row.highlights) }),
    ...(row.cities && { cities: JSON.stringify(row.cities) }),
  }
}

/** A deal stays one as long as the price is below; what was none does not become one by a new price. */
const originalOf = ({ price_cents, original_price_cents }: Product, price: number) =>
  original_price_cents > price_cents ? Math.max(original_price_cents, price) : price

/**
 * Returns the keys of those that there were more or fewer of. What waits for its buyer is counted along and is not free.
 * What is kept by serial number is counted by scanning it.
 */
async function countProducts(trx: Trx, rows: readonly ProductRow[], known: Known): Promise<string[]> {
  const counted = rows.flatMap(({ key, stock }) => (stock === null ? [] : [{ key, id: known.get(key)!, stock }]))
  const ids = counted.map(({ id }) => id)
  const bySerial = new Set((await productsById(trx, ids)).filter(({ serialised }) => serialised).map(({ id }) => id))
  const [before, kept] = [await stockOf(trx, ids), await reservedCounts(trx, ids)]
  const wrong = counted
    .filter(({ id }) => !bySerial.has(id))
    .map(({ key, id, stock }) => ({ key, id, quantity: stock - (kept.get(id) ?? 0) - before.get(id)! }))
    .filter(({ quantity }) => quantity !== 0)
  const movements = wrong.map(({ id, quantity }) => ({ product_id: id, quantity, kind: 'count' as const }))
  await insertMany(trx, 'stock_movement', movements)
  return wrong.map(({ key }) => key)
}

type Place = { category_id: number; brand_id: number; location_id: number | null }
type Places = (row: ProductRow) => Place

/** Category, brand and location of each row, found or added; each name is looked up once. */
function rememberedPlaces() {
  const brands = rememberedNames('brand')
  const categories = remembered(
    async (trx, name) => ((await categoriesCalled(trx, name))[0] ?? (await addCategory(trx, { name }))).id,
  )
  const locations = remembered(async (trx, name) => {
    const called = (await listLocations(trx).execute()).find((location) => isCalled(location, name))
    return (called ?? (await addLocation(trx, { name }))).id
  })
  return async (trx: Trx, rows: readonly ProductRow[]): Promise<Places> => {
    const brandOf = await brands(
      trx,
      rows.map(({ brand }) => brand),
    )
    const categoryOf = await categories(
      trx,
      rows.map(({ category }) => category),
    )
    const locationOf = await locations(
      trx,
      rows.flatMap(({ location }) => location ?? []),
    )
    return ({ brand, category, location }) => ({
      brand_id: brandOf(brand),
      category_id: categoryOf(category),
      location_id: location === null ? null : locationOf(location),
    })
  }
}

function remembered(idOf: (trx: Trx, name: string) => Promise<number>) {
  const ids = new Map<string, number>()
  return async (trx: Trx, names: readonly string[]) => {
    for (const name of new Set(names)) {
      const key = nameKey(name)
      if (!ids.has(key)) ids.set(key, await idOf(trx, name))
    }
    return (name: string) => ids.get(nameKey(name))!
  }
}
