import { expect, test } from 'vitest'
import { inStore, type Trx } from '../../../db/handle.ts'
import { insert, patch } from '../../../db/rows.ts'
import { openCounter } from '../counter-shop.ts'

const PRICE_CENTS = 39_900

/** A counter whose database holds the rows of another store too, as a head office's does. */
async function openTwoStores() {
  const shop = await openCounter()
  const { db } = shop.database
  const categories = (await shop.counter('GET', '/categories')).body
  const second = await shop.write((trx) =>
    insert(trx, 'store', {
      code: 'S2',
      name: 'Second shop',
      currency: 'USD',
      time_zone: 'UTC',
      tax_mode: 'added',
      tax_rate: 1_000,
    }),
  )
  const there = <T>(run: (trx: Trx) => Promise<T>) => shop.write((trx) => run(inStore(trx, second)))
  let made = 0
  const product = async (fields: object = {}): Promise<number> => {
    const named = { brand: 'Fairphone', model: 'Fairphone 5', name: `Fairphone 5 number ${++made}`, condition: 'B' }
    const body = { category_id: categories[0].id, ...named, price_cents: PRICE_CENTS, ...fields }
    const reply = await shop.counter('POST', '/products', body)
    if (reply.status !== 201) throw new Error(reply.text)
    return reply.body.id
  }
  return {
    ...shop,
    db,
    second,
    there,
    product,
    /** A product that lies in the other store. */
    productThere: async (fields: object = {}): Promise<number> => {
      const location = { slug: `second-${made}`, name: `Second ${made}`, code: 'SEC', hub_name: `Second ${made}` }
      return await product({ location_id: await there((trx) => insert(trx, 'location', location)), ...fields })
    },
    receive: (id: number, body: object) => shop.counter('POST', `/products/${id}/stock/receipts`, body),
    receiveThere: (product_id: number, quantity: number) =>
      there((trx) => insert(trx, 'stock_movement', { product_id, quantity, kind: 'receipt' })),
    unitThere: (product_id: number, serial: string, fields: { created_at?: number; hold_until?: number } = {}) =>
      there(async (trx) => {
        const named = {
          serial_number: serial,
          serial_key: serial,
          condition: 'B' as const,
          origin: 'purchase' as const,
        }
        const unit_id = await insert(trx, 'unit', { product_id, ...named, ...fields })
        await insert(trx, 'stock_movement', { product_id, unit_id, quantity: 1, kind: 'receipt' })
        return unit_id
      }),
    buy: (...lines: [id: number, quantity: number][]) =>
      shop.call('POST', '/api/orders/checkout', {
        as: shop.customer,
        body: {
          items: lines.map(([id, quantity]) => ({ id, price: PRICE_CENTS / 100, quantity })),
          paymentMethod: 'cod',
        },
      }),
    /** What each of the two has. */
    stocks: async (id: number) => {
      const movements = await db
        .selectFrom('stock_movement')
        .select(['store_id', 'quantity'])
        .where('product_id', '=', id)
        .execute()
      const of = (mine: boolean) =>
        movements.filter((m) => (m.store_id === second) !== mine).reduce((n, m) => n + m.quantity, 0)
      return { here: of(true), there: of(false) }
    },
    shown: async (id: number) => (await shop.counter('GET', `/products/${id}`)).body,
  }
}

test('the counter sees, counts and writes off the stock of its own store alone', async () => {
  await using shop = await openTwoStores()
  const id = await shop.product()
  await shop.receive(id, { quantity: 3 })
  await shop.receiveThere(id, 5)
  expect((await shop.counter('GET', '/products')).body).toMatchObject([{ id, stock: 3, here: 3 }])
  expect(await shop.shown(id)).toMatchObject({ stock: 3, here: 3, on_hold: 0 })
  const movements = await shop.counter('GET', `/products/${id}/stock`)
  expect(movements.body).toMatchObject([{ quantity: 3 }])
  expect(movements.headers.get('x-total-count')).toBe('1')
  const tooMany = await shop.counter('POST', `/products/${id}/stock/write-offs`, { quantity: 4, note: 'x' })
  expect([tooMany.status, tooMany.body.detail]).toEqual([400, 'Only 3 in stock'])
  const counted = await shop.counter('POST', `/products/${id}/stock/counts`, { quantity: 2 })
  expect(counted.body).toEqual({ stock: 2 })
  expect(await shop.stocks(id)).toEqual({ here: 2, there: 5 })
})

test('units of another store are not listed, counted out, written off or in the way here', async () => {
  await using shop = await openTwoStores()
  const id = await shop.product({ serialised: true })
  const other = await shop.unitThere(id, 'B2')
  expect((await shop.receive(id, { units: [{ serial_number: 'A1' }, { serial_number: 'B2' }] })).status).toBe(201)
  const units = (await shop.counter('GET', `/products/${id}/units`)).body
  expect(units).toMatchObject([
    { serial_number: 'A1', in_stock: true },
    { serial_number: 'B2', in_stock: true },
  ])
  expect((await shop.counter('GET', `/units/${other}`)).body.in_stock).toBe(false)
  const off = await shop.counter('POST', `/products/${id}/stock/write-offs`, { unit_ids: [other], note: 'x' })
  expect([off.status, off.body.code]).toEqual([400, 'unit-not-in-stock'])
  expect((await shop.counter('POST', `/products/${id}/stock/counts`, { serial_numbers: [] })).body.stock).toBe(0)
  expect(await shop.stocks(id)).toEqual({ here: 0, there: 1 })
})

test('the web shop sells what lies in the store of a product’s location, and the order is of that store', async () => {
  await using shop = await openTwoStores()
  const id = await shop.productThere()
  await shop.receive(id, { quantity: 10 })
  await shop.receiveThere(id, 1)
  const tooMany = await shop.buy([id, 2])
  expect([tooMany.status, tooMany.body.detail]).toEqual([400, expect.stringContaining('(Only 1 left)')])
  const { order_id } = (await shop.buy([id, 1])).body
  expect(await shop.stocks(id)).toEqual({ here: 10, there: 0 })
  const order = await shop.db.selectFrom('sales_order').selectAll().where('id', '=', order_id).executeTakeFirstOrThrow()
  // The tax is that store's too.
  expect(order).toMatchObject({ store_id: shop.second, subtotal_cents: PRICE_CENTS, tax_cents: 3_990 })
  const lines = await shop.db.selectFrom('sales_line').select('store_id').where('order_id', '=', order_id).execute()
  expect(lines).toEqual([{ store_id: shop.second }])
  expect((await shop.buy([id, 1])).body.detail).toMatch(/ is out of stock$/)
  await shop.counter('POST', `/sales-orders/${order_id}/cancel`, {})
  expect(await shop.stocks(id)).toEqual({ here: 10, there: 1 })
})

test('goods of two stores in one order are each taken from, and given back to, their own', async () => {
  await using shop = await openTwoStores()
  const [ours, theirs] = [await shop.product({ serialised: true }), await shop.productThere()]
  await shop.receive(ours, { units: [{ serial_number: 'A1' }] })
  await shop.unitThere(ours, 'B2')
  await shop.receiveThere(theirs, 4)
  expect((await shop.buy([ours, 2])).body.detail).toContain('(Only 1 left)')
  const { order_id } = (await shop.buy([ours, 1], [theirs, 3])).body
  expect([await shop.stocks(ours), await shop.stocks(theirs)]).toEqual([
    { here: 0, there: 1 },
    { here: 0, there: 1 },
  ])
  // The product has gone to our shelf meanwhile: what was taken there goes back there.
  await shop.write((trx) => patch(trx, 'product', theirs, { location_id: null }))
  await shop.counter('POST', `/sales-orders/${order_id}/cancel`, {})
  expect([await shop.stocks(ours), await shop.stocks(theirs)]).toEqual([
    { here: 1, there: 1 },
    { here: 0, there: 4 },
  ])
})

test('what an order of another store keeps is not missing when our shelf is counted', async () => {
  await using shop = await openTwoStores()
  const id = await shop.productThere()
  await shop.receive(id, { quantity: 5 })
  await shop.receiveThere(id, 3)
  await shop.buy([id, 3])
  expect((await shop.counter('POST', `/products/${id}/stock/counts`, { quantity: 5 })).body).toEqual({ stock: 5 })
})

test('how a product is counted stays while any store has pieces of it', async () => {
  await using shop = await openTwoStores()
  const id = await shop.productThere()
  const change = () => shop.counter('PATCH', `/products/${id}`, { serialised: true })
  await shop.receive(id, { quantity: 1 })
  await shop.receiveThere(id, -1)
  expect((await change()).body.code).toBe('product-in-stock')
  await shop.counter('POST', `/products/${id}/stock/counts`, { quantity: 0 })
  await shop.receiveThere(id, 2)
  await shop.buy([id, 1])
  expect((await change()).body.code).toBe('product-reserved')
})

test('a unit on hold in another store hides its product from the web shop only where it lies there', async () => {
  await using shop = await openTwoStores()
  const hold_until = shop.clock.now() + 86_400_000
  const [ours, theirs] = [await shop.product({ serialised: true }), await shop.productThere({ serialised: true })]
  for (const id of [ours, theirs]) await shop.unitThere(id, `H${id}`, { hold_until })
  await shop.receive(theirs, { units: [{ serial_number: 'A1' }] })
  expect((await shop.call('GET', '/api/products')).body.map((product: { id: number }) => product.id)).toEqual([ours])
  expect(await shop.shown(theirs)).toMatchObject({ here: 1, on_hold: 0, stock: 1 })
  expect((await shop.counter('POST', `/products/${theirs}/stock/counts`, { serial_numbers: [] })).body.stock).toBe(0)
})

test('a hold that is over is a task of the store in which the unit is', async () => {
  await using shop = await openTwoStores()
  const id = await shop.product({ serialised: true })
  const now = shop.clock.now()
  await shop.unitThere(id, 'H1', { created_at: now - 86_400_000, hold_until: now })
  expect((await shop.counter('GET', '/tasks')).body).toEqual([])
})
