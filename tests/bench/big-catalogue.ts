import type { Trx } from '../../db/handle.ts'
import type { Database } from '../../db/database.ts'
import { insertMany } from '../../db/rows.ts'
import { productText } from '../../db/search/product-words.ts'
import { indexNow } from '../../db/search/search-index.ts'
import { searchWords } from '../../db/search/search-words.ts'
import { discountTenths } from '../../server/domain/money/discount.ts'
import { GRADES } from '../../server/domain/grade.ts'
import { addFirstCatalogue } from '../../server/shop/stock/first-catalogue.ts'
import { filled } from './filled.ts'

export const PRODUCTS = 100_000

/** Rows of one transaction while filling. */
const BATCH = 2_000

/** The SQLite file of a shop with so many products. */
export const catalogueFile = (products: number): Promise<string> =>
  filled({
    name: `products-${products}`,
    sources: [
      'db/migrations/0001-foundation.ts',
      'db/migrations/0002-search.ts',
      'db/migrations/0004-store.ts',
      'db/search/product-words.ts',
      'tests/bench/big-catalogue.ts',
    ],
    fillNew: addFirstCatalogue,
    fill: (database) => fillProducts(database, products),
  })

async function fillProducts(database: Database, products: number): Promise<void> {
  const ids = {
    brands: await database.db.selectFrom('brand').select(['id', 'name']).orderBy('id').execute(),
    categories: await database.db.selectFrom('category').select('id').orderBy('id').execute(),
    locations: await database.db.selectFrom('location').select('id').orderBy('id').execute(),
  }
  for (let start = 0; start < products; start += BATCH)
    await database.write({ actor: null, device: null, act: 'fill' }, (trx) =>
      addProducts(trx, ids, start, Math.min(BATCH, products - start)),
    )
  await database.flushSearchIndex()
}

const LINES = ['iPhone', 'Galaxy', 'Pixel', 'Surface', 'Latitude', 'EliteBook', 'ThinkPad', 'Xperia']
const SUFFIXES = ['', ' Pro', ' Max', ' Mini', ' Plus', ' Ultra', ' SE']
const STORAGE = ['64GB', '128GB', '256GB', '512GB', '1TB']
const COLOURS = ['black', 'silver', 'gold', 'blue', 'green', 'red', 'white', 'graphite', 'rose']
const CITIES = ['Vancouver', 'Ottawa', 'Toronto', 'Calgary', 'Montréal']

type Ids = { brands: { id: number; name: string }[]; categories: { id: number }[]; locations: { id: number }[] }

async function addProducts(trx: Trx, ids: Ids, start: number, count: number) {
  const rows = Array.from({ length: count }, (_, index) => product(start + index, ids))
  const added = await insertMany(
    trx,
    'product',
    rows.map(({ brand: _, ...row }) => row),
  )
  await indexNow(trx, 'product', added, (index) => searchWords(productText(rows[index]!)))
}

/** The n-th product: names, prices and cities that repeat as those of a real shop do. */
function product(n: number, { brands, categories, locations }: Ids) {
  const spread = (n * 2_654_435_761) % 2 ** 32
  const line = spread % LINES.length
  const brand = brands[line % brands.length]!
  const model = `${LINES[line]} ${8 + ((spread >>> 3) % 12)}${SUFFIXES[(spread >>> 7) % SUFFIXES.length]}`
  const original_price_cents = 9_900 + ((spread >>> 5) % 1_500) * 100
  const price_cents = original_price_cents - ((spread >>> 9) % 4) * Math.floor(original_price_cents / 20)
  const cities = CITIES.filter((_, city) => ((spread >>> 11) >> city) % 2 === 0)
  return {
    category_id: categories[line < 3 || line === 7 ? 0 : (spread >>> 13) % categories.length]!.id,
    brand_id: brand.id,
    brand: brand.name,
    location_id: locations[(spread >>> 6) % locations.length]!.id,
    model,
    name: `${model} ${STORAGE[(spread >>> 15) % STORAGE.length]} ${COLOURS[(spread >>> 17) % COLOURS.length]} no. ${n}`,
    description: `Inspected, cleaned and tested; battery at ${80 + ((spread >>> 4) % 20)} percent.`,
    condition: GRADES[(spread >>> 8) % GRADES.length]!,
    price_cents,
    original_price_cents,
    discount_tenths: discountTenths(price_cents, original_price_cents),
    rating_hundredths: 300 + ((spread >>> 10) % 200),
    reviews: (spread >>> 12) % 300,
    image: `https://pictures.example.com/products/${n}.jpg`,
    highlights: JSON.stringify(['Certified inspection', 'Store warranty']),
    cities: JSON.stringify(cities),
    city_keys: cities.length > 0 ? `|${cities.map((city) => city.toLowerCase()).join('|')}|` : '',
    serialised: 0 as const,
  }
}
