import type { Trx } from '../../db/handle.ts'
import { insert, patch } from '../../db/rows.ts'
import type { StoreTable } from '../../db/schema/shop-tables.ts'
import type { ProductTable } from '../../db/schema/store-tables.ts'
import { type CallOptions, openShop, type Person, type Reply, type ShopOptions } from '../support/shop.ts'
import type { PersonKind } from '../support/person.ts'

type ProductFields = Partial<Pick<ProductTable, 'name' | 'price_cents' | 'image'>> & { stock?: number }

/** A shop with one person of each kind, another customer, and products on demand. */
export async function openStore(options?: ShopOptions) {
  const shop = await openShop(options)
  const people: Record<PersonKind, Person> = {
    admin: await shop.person('admin'),
    staff: await shop.person('staff'),
    evaluator: await shop.person('evaluator'),
    customer: await shop.person('customer', { full_name: 'Ann', email: 'ann@example.com' }),
  }
  const other = await shop.person('customer', { full_name: 'Bob', email: 'bob@example.com' })
  const write = <T>(run: (trx: Trx) => Promise<T>) =>
    shop.database.write({ actor: people.admin.id, device: null, act: 'test' }, run)
  const { db } = shop.database
  const ids = await write(async (trx) => {
    const { id: brand_id } = await trx.selectFrom('brand').select('id').limit(1).executeTakeFirstOrThrow()
    const { id: category_id } = await trx.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
    return { brand_id, category_id }
  })
  /** A phone at 899.99 of which there are ten, unless said otherwise. */
  const product = ({
    stock = 10,
    name = 'iPhone 14 Pro 256GB',
    price_cents = 89_999,
    image = null,
  }: ProductFields = {}) =>
    write(async (trx) => {
      const product_id = await insert(trx, 'product', {
        ...ids,
        model: 'iPhone 14 Pro',
        name,
        condition: 'A',
        price_cents,
        original_price_cents: price_cents,
        discount_tenths: 0,
        rating_hundredths: 450,
        reviews: 0,
        image,
        highlights: '[]',
        cities: '[]',
        city_keys: '|',
        serialised: false,
      })
      if (stock > 0) await insert(trx, 'stock_movement', { product_id, quantity: stock, kind: 'receipt' })
      return product_id
    })
  return {
    ...shop,
    ...people,
    other,
    write,
    product,
    change: (id: number, changes: Partial<ProductTable>) => write((trx) => patch(trx, 'product', id, changes)),
    settings: (changes: Partial<StoreTable>) => write((trx) => patch(trx, 'store', trx.act.node.store_id, changes)),
    stock: async (product_id: number) => {
      const { n } = await db
        .selectFrom('stock_movement')
        .select(({ fn }) => fn.sum<number>('quantity').as('n'))
        .where('product_id', '=', product_id)
        .executeTakeFirstOrThrow()
      return n
    },
    /** A call of /api by the customer, unless said otherwise. */
    api: (method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Reply> =>
      shop.call(method, `/api${path}`, { as: people.customer, body, ...options }),
    /** Gives up an order that is to be paid at the counter. */
    cancelAtDesk: (id: number): Promise<Reply> =>
      shop.call('POST', `/counter/sales-orders/${id}/cancel`, { as: people.staff, body: {} }),
    /** Orders of one product by the customer, to be paid at the counter; returns the id. */
    order: async (product_id: number, quantity = 1, as: Person = people.customer): Promise<number> => {
      const { body } = await shop.call('GET', `/api/products/${product_id}`)
      const items = [{ id: product_id, price: body.price, quantity }]
      const reply = await shop.call('POST', '/api/orders/checkout', { as, body: { items, paymentMethod: 'cod' } })
      return reply.body.order_id
    },
  }
}

export type Store = Awaited<ReturnType<typeof openStore>>
