import type { z } from 'zod'
import { discountPercent } from '../domain/money/discount.ts'
import { GRADE_WORDS } from '../domain/grade.ts'
import { list, read } from '../http/endpoint.ts'
import { everyone } from '../http/auth/permissions.ts'
import {
  findOnWeb,
  imageOf,
  listDeals,
  listProducts,
  type Product as Kept,
  searchProducts,
} from '../shop/stock/product-list.ts'
import { originOf, pictureAddress } from './picture-address.ts'
import { Deal, DealQuery, Product, ProductId, ProductQuery, ProductSearch } from './products.contract.ts'

export const products = [
  read(
    'GET /products',
    { who: everyone, query: ProductQuery, response: list(Product), summary: 'The catalogue, filtered' },
    async ({ db, database }, { query: { limit, offset, ...filter }, ...asked }) => {
      const shown = { ...filter, on_web_at: database.clock.expiry() }
      const { rows, total } = await listProducts(db, shown, { limit, offset })
      return { rows: rows.map(shownAt(originOf(asked))), total }
    },
  ),

  read(
    'GET /products/search',
    {
      who: everyone,
      query: ProductSearch,
      response: list(Product),
      summary: 'Products whose name, brand, model or description hold every word of `q`',
    },
    async ({ db, database }, { query: { q, limit, offset, ...filter }, ...asked }) => {
      const shown = { ...filter, on_web_at: database.clock.expiry() }
      const { rows, total } = await searchProducts(db, q, shown, { limit, offset })
      return { rows: rows.map(shownAt(originOf(asked))), total }
    },
  ),

  read(
    'GET /products/deals',
    {
      who: everyone,
      query: DealQuery,
      response: list(Deal),
      summary: 'Products below their original price, the largest reduction first',
    },
    async ({ db, database }, { query: { limit = 10, offset = 0, min_discount = 0 }, ...asked }) => {
      const deals = { tenths: tenthsFrom(min_discount), at: database.clock.expiry() }
      const { rows, total } = await listDeals(db, deals, { limit, offset })
      return { rows: rows.map(dealAt(originOf(asked))), total }
    },
  ),

  read(
    'GET /products/:product_id',
    { who: everyone, params: ProductId, response: Product, summary: 'One product' },
    async ({ db, database }, { params, ...asked }) =>
      shownAt(originOf(asked))(await findOnWeb(db, params.product_id, database.clock.expiry())),
  ),
]

/** How the store shows products to whoever reaches it at `origin`. */
const shownAt = (origin: string) => (product: Kept) => shown(product, origin)

function shown(product: Kept, origin: string): z.output<typeof Product> {
  return {
    id: product.id,
    brand: product.brand,
    model: product.model,
    name: product.name,
    price: product.price_cents,
    originalPrice: product.original_price_cents,
    condition: GRADE_WORDS[product.condition],
    rating: product.rating_hundredths / 100,
    reviews: product.reviews,
    location: product.hub_name ?? '',
    image: pictureAddress(imageOf(product), origin),
    highlights: listFrom(product.highlights),
    cityAvailability: listFrom(product.cities),
    updatedAt: dayFrom(product.updated_at),
  }
}

const dealAt =
  (origin: string) =>
  (product: Kept): z.output<typeof Deal> => {
    const percent = discountPercent(product.price_cents, product.original_price_cents)
    return {
      ...shown(product, origin),
      discount_percent: product.discount_tenths / 10,
      voucher_label: `+${percent}% Voucher`,
    }
  }

/** The smallest reduction that is shown as `percent` or more. The rounding takes off what the multiplication added. */
function tenthsFrom(percent: number): number {
  const within = Math.min(101, Math.max(0, percent)) // Nothing is reduced by more than it costs.
  return Math.ceil(Number((within * 10).toFixed(6)))
}

const LISTS = 10_000
const lists = new Map<string, string[]>()

/** A thousand products share a few lists: each text is parsed once. */
function listFrom(text: string): string[] {
  const known = lists.get(text)
  if (known) return known
  const parsed = JSON.parse(text) as string[] // Written by this program.
  if (lists.size >= LISTS) lists.clear()
  lists.set(text, parsed)
  return parsed
}

/** `20250115`, UTC. */
function dayFrom(ms: number): number {
  const date = new Date(ms)
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}
