import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { json } from '../../http/body.ts'
import { type HandlerRequest, list, nothing, read, write } from '../../http/endpoint.ts'
import { forbidden } from '../../http/errors.ts'
import { admin, anyEmployee, callerKindOf, staffOrAdmin } from '../../http/auth/permissions.ts'
import {
  type DescribedProduct,
  findProduct,
  imageOf,
  listProducts,
  type Product as Kept,
  searchProducts,
} from '../../shop/stock/product-list.ts'
import { addProduct, changeProduct, hideProduct } from '../../shop/stock/product-changes.ts'
import { holdsAt, type Pieces, piecesOf } from '../../shop/stock/sellable.ts'
import { Id, ListedProduct, NewProduct, Product, ProductChanges, ProductQuery } from './products.contract.ts'

/** Whoever sells keeps the catalogue; only an admin changes a price that stands, or takes a product out. */
export const products = [
  read(
    'GET /products',
    {
      who: anyEmployee,
      query: ProductQuery,
      response: list(ListedProduct),
      summary: 'The catalogue with its stock, in id order',
    },
    async ({ db, database }, { query: { q, limit = 50, offset, ...filter } }) => {
      const page = { limit, offset }
      const { rows, total } = await (q?.trim() ? searchProducts(db, q, filter, page) : listProducts(db, filter, page))
      return { rows: await withStock(db, rows, database.clock.expiry()), total }
    },
  ),

  write(
    'POST /products',
    {
      who: staffOrAdmin,
      body: json(NewProduct),
      response: Product,
      status: 201,
      summary: 'Adds a product, without stock',
    },
    async ({ trx }, { body }) => await shownProduct(trx, await addProduct(trx, body), holdsAt(trx)),
  ),

  read(
    'GET /products/:id',
    { who: anyEmployee, params: Id, response: Product, summary: 'One product with its stock' },
    async ({ db, database }, { params }) =>
      await shownProduct(db, await findProduct(db, params.id), database.clock.expiry()),
  ),

  write(
    'PATCH /products/:id',
    {
      who: staffOrAdmin,
      params: Id,
      body: json(ProductChanges),
      response: Product,
      summary: 'Changes a product; its prices only an admin',
    },
    async ({ trx }, { params, body, session }) => {
      await refusePrices(trx, params.id, body, session)
      return await shownProduct(trx, await changeProduct(trx, params.id, body), holdsAt(trx))
    },
  ),

  write(
    'DELETE /products/:id',
    { who: admin, params: Id, response: nothing, summary: 'Takes a product out of the catalogue; its history stays' },
    async ({ trx }, { params }) => await hideProduct(trx, params.id),
  ),
]

/** @throws 403 when somebody else than an admin changes a price */
async function refusePrices(
  db: Db,
  id: number,
  { price_cents, original_price_cents }: z.output<typeof ProductChanges>,
  session: HandlerRequest['session'],
) {
  if (callerKindOf(session?.caller ?? null) === 'admin') return
  const product = await findProduct(db, id)
  const isOther = (wanted: number | undefined, stands: number) => wanted !== undefined && wanted !== stands
  if (isOther(price_cents, product.price_cents) || isOther(original_price_cents, product.original_price_cents))
    throw forbidden('price-admin-only', 'Only an admin changes prices')
}

/** A product as the counter shows it; `at` as in `sellable.ts`. */
export async function shownProduct(
  db: Db,
  { description, ...product }: DescribedProduct,
  at: number,
): Promise<z.output<typeof Product>> {
  return { ...(await withStock(db, [product], at))[0]!, description }
}

async function withStock(db: Db, products: readonly Kept[], at: number): Promise<z.output<typeof ListedProduct>[]> {
  const pieces = await piecesOf(
    db,
    products.map(({ id }) => id),
    at,
  )
  return products.map((product) => ({
    ...product,
    image: imageOf(product),
    highlights: JSON.parse(product.highlights) as string[], // Written by this program, as are the cities.
    cities: JSON.parse(product.cities) as string[],
    serialised: product.serialised === 1,
    web: product.web === null ? null : product.web === 1,
    ...stockIn(pieces.get(product.id)!),
  }))
}

const stockIn = ({ free: stock, here, on_hold }: Pieces) => ({ stock, here, on_hold })
