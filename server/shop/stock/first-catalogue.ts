import type { Trx } from '../../../db/handle.ts'
import { insertMany } from '../../../db/rows.ts'
import { nameKey } from '../../domain/text/fold.ts'

const CATEGORIES = [
  { slug: 'phones', name: 'Phone', shown_as: 'Phones', icon: '📱' },
  { slug: 'laptops', name: 'Laptop', shown_as: 'Laptops', icon: '💻' },
  { slug: 'tablets', name: 'Tablet', shown_as: 'Tablets', icon: '📱' },
  { slug: 'accessories', name: 'Accessory', shown_as: 'Accessories', icon: '🎧' },
]

const LOCATIONS = [
  { slug: 'vancouver', name: 'Vancouver', code: 'VAN', hub_name: 'Vancouver Hub' },
  { slug: 'ottawa', name: 'Ottawa', code: 'OTT', hub_name: 'Ottawa Lab' },
]

const BRANDS = ['Apple', 'Samsung', 'Google', 'Microsoft', 'Dell', 'HP', 'Lenovo', 'Sony']

/** What the store of a new database begins with (as decided for `/api`). Set-up puts the shop's own location in place. */
export async function addFirstCatalogue(trx: Trx): Promise<void> {
  await insertMany(
    trx,
    'category',
    CATEGORIES.map((category) => ({ ...category, name_key: nameKey(category.name) })),
  )
  await insertMany(trx, 'location', LOCATIONS)
  const known = await trx.selectFrom('brand').select('name_key').where('deleted_at', 'is', null).execute()
  const missing = BRANDS.filter((name) => !known.some(({ name_key }) => name_key === nameKey(name)))
  await insertMany(
    trx,
    'brand',
    missing.map((name) => ({ name, name_key: nameKey(name), starter: 1 as const })),
  )
}
