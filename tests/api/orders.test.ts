import { expect, test } from 'vitest'
import { insert } from '../../db/rows.ts'
import { configFrom, UsageError } from '../../server/config.ts'
import { openCardShop } from './card-shop.ts'
import { openStore, type Store } from './store-shop.ts'

type Item = { id: number; price?: unknown; quantity?: unknown; name?: string }

const checkout = (shop: Store, items: Item[], more: object = {}, options = {}) =>
  shop.api('POST', '/orders/checkout', { items, paymentMethod: 'cod', ...more }, options)
const mine = async (shop: Store, query = '') => (await shop.api('GET', `/orders/me${query}`)).body
const storeForm = (text: string) => ({ detail: text, success: false, error: text })

test('an order to be paid at the counter is pending, whatever the client says', async () => {
  await using shop = await openStore()
  const id = await shop.product({ image: 'https://example.com/image.jpg' })
  const items = [{ id, name: 'Free phone', price: 899.99, quantity: 2, condition: 'A', image: 'x' }]
  const reply = await checkout(shop, items, {
    paymentMethod: 'wallet',
    total: 2033.9774,
    status: 'paid',
    user_id: shop.other.id,
    shipping: 0,
    timestamp: 'now',
  })
  expect([reply.status, reply.body]).toEqual([200, { success: true, orderId: 'ORD1', order_id: 1 }])
  expect(await mine(shop)).toEqual([
    {
      id: 1,
      user_id: shop.customer.id,
      status: 'pending',
      subtotal: 1799.98,
      tax: 0,
      shipping_fee: 0,
      total: 1799.98,
      created_at: '2026-01-15T09:00:00Z',
      items: [
        {
          product_id: id,
          title: 'iPhone 14 Pro 256GB',
          unit_price: 899.99,
          qty: 2,
          line_total: 1799.98,
          product: { id, title: 'iPhone 14 Pro 256GB', image: 'https://example.com/image.jpg' },
        },
      ],
      payment: null,
    },
  ])
  expect(await shop.stock(id)).toBe(8)
})

test('an order of nothing is refused in the store’s form', async () => {
  await using shop = await openStore()
  for (const reply of [
    await shop.api('POST', '/orders'),
    await checkout(shop, []),
    await checkout(shop, [], { paymentMethod: 'card' }),
  ])
    expect([reply.status, reply.body]).toMatchObject([400, storeForm('Cart is empty')])
  expect(await mine(shop)).toEqual([])
})

test('a price that is not today’s is refused and nothing is taken', async () => {
  await using shop = await openStore()
  const [id, other] = [await shop.product(), await shop.product({ name: 'Case', price_cents: 1010 })]
  await shop.change(id, { price_cents: 90_000 })
  const reply = await checkout(shop, [
    { id: other, price: 10.1, quantity: 1 },
    { id, price: 899.99, quantity: 1 },
  ])
  expect([reply.status, reply.body]).toMatchObject([400, storeForm("Price of 'iPhone 14 Pro 256GB' has changed")])
  expect([await shop.stock(id), await shop.stock(other), await mine(shop)]).toEqual([10, 10, []])
  expect((await checkout(shop, [{ id, price: '900.00', quantity: 1 }])).status).toBe(200)
})

test('an unknown product is 404 before anything else is said of the order', async () => {
  await using shop = await openStore()
  const [id, gone] = [await shop.product(), await shop.product()]
  await shop.change(gone, { deleted_at: 1 })
  for (const unknown of [999, gone]) {
    const reply = await checkout(shop, [
      { id, price: 1, quantity: 1 },
      { id: unknown, price: 1, quantity: 1 },
    ])
    expect([reply.status, reply.body]).toEqual([404, { detail: 'Product not found', code: 'product-not-found' }])
  }
  expect(await shop.stock(id)).toBe(10)
})

test('what there is not enough of is refused with what is left, and nothing is taken', async () => {
  await using shop = await openStore()
  const plenty = await shop.product({ name: 'Case', price_cents: 1010 })
  const [few, none] = [await shop.product({ stock: 3 }), await shop.product({ stock: 0, name: 'Pixel' })]
  const of = async (items: Item[]) => {
    const reply = await checkout(shop, [{ id: plenty, price: 10.1, quantity: 1 }, ...items])
    return [reply.status, reply.body]
  }
  expect(await of([{ id: few, price: 899.99, quantity: 4 }])).toMatchObject([
    400,
    storeForm("Product 'iPhone 14 Pro 256GB' is out of stock (Only 3 left)"),
  ])
  expect(await of([{ id: none, price: 899.99, quantity: 1 }])).toMatchObject([
    400,
    storeForm("Product 'Pixel' is out of stock"),
  ])
  const twice = { id: few, price: 899.99, quantity: 2 }
  expect((await of([twice, twice]))[0]).toBe(400)
  expect([await shop.stock(plenty), await shop.stock(few), await mine(shop)]).toEqual([10, 3, []])
})

test('the same product twice is one line of both', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  const item = { id, price: 899.99, quantity: 2 }
  await checkout(shop, [item, { ...item, quantity: 1 }])
  expect((await mine(shop))[0].items).toMatchObject([{ qty: 3, line_total: 2699.97 }])
  expect(await shop.stock(id)).toBe(7)
})

test('of ten buyers of the last unit one gets it', async () => {
  await using shop = await openStore()
  const id = await shop.product({ stock: 1 })
  const buyers = await Promise.all(Array.from({ length: 10 }, () => shop.person('customer')))
  const replies = await Promise.all(
    buyers.map((as) => checkout(shop, [{ id, price: 899.99, quantity: 1 }], {}, { as })),
  )
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(400)])
  expect(await shop.stock(id)).toBe(0)
})

test('what was bought leaves the cart, and nothing else', async () => {
  await using shop = await openStore()
  const [phone, cover, cable] = [await shop.product(), await shop.product(), await shop.product()]
  for (const product_id of [phone, cover]) await shop.api('POST', '/cart/items', { product_id, qty: 3 })
  await checkout(shop, [
    { id: phone, price: 899.99, quantity: 3 },
    { id: cover, price: 899.99, quantity: 1 },
    { id: cable, price: 899.99, quantity: 1 },
  ])
  expect((await shop.api('GET', '/cart')).body.items).toMatchObject([{ product_id: cover, qty: 2 }])
})

test('the faults of a checkout are said all at once', async () => {
  await using shop = await openStore()
  const of = async (body: unknown) =>
    (await shop.api('POST', '/orders/checkout', body)).body.detail
      .map(({ loc, type }: { loc: string[]; type: string }) => `${loc.join('.')} ${type}`)
      .toSorted()
  expect(await of({})).toEqual(['body.items missing'])
  expect(await of({ items: { id: 1 } })).toEqual(['body.items list_type'])
  expect(
    await of({ items: [{}, { id: 'x', price: -1, quantity: 0 }, { id: 1, price: 1.001, quantity: 1.5 }] }),
  ).toEqual([
    'body.items.0.id missing',
    'body.items.0.price missing',
    'body.items.0.quantity missing',
    'body.items.1.id int_parsing',
    'body.items.1.price greater_than_equal',
    'body.items.1.quantity greater_than_equal',
    'body.items.2.price decimal_max_places',
    'body.items.2.quantity int_from_float',
  ])
  const card = { number: '4111 1111 1111 1111' }
  const item = { id: 1, price: 1, quantity: 1 }
  expect(await of({ items: [item], paymentMethod: 1, shippingAddress: card })).toEqual([
    'body.paymentMethod string_type',
    'body.shippingAddress value_error',
  ])
  expect(await of({ items: [item], shippingAddress: [1] })).toEqual(['body.shippingAddress dict_type'])
  const deep = JSON.parse(`{"a":${'['.repeat(50)}${']'.repeat(50)}}`) as object
  expect(await of({ items: [item], shippingAddress: deep })).toEqual(['body.shippingAddress value_error'])
})

test('tax that comes on top is added line by line, tax within the prices is not told apart', async () => {
  await using shop = await openStore()
  const [one, two] = [await shop.product({ price_cents: 1005 }), await shop.product({ price_cents: 333 })]
  const items = [
    { id: one, price: 10.05, quantity: 1 },
    { id: two, price: 3.33, quantity: 3 },
  ]
  for (const [tax_mode, tax] of [
    ['added', 1.01 + 1],
    ['included', 0],
    ['none', 0],
  ] as const) {
    await shop.settings({ tax_mode, tax_rate: 1000 })
    await checkout(shop, items)
    const total = Number((20.04 + tax).toFixed(2))
    expect((await mine(shop))[0]).toMatchObject({ subtotal: 20.04, tax, shipping_fee: 0, total })
  }
})

test('an order comes to 99,999,999.99 at most', async () => {
  await using shop = await openStore()
  const id = await shop.product({ price_cents: 9_999_999_999, stock: 20_000 })
  expect((await checkout(shop, [{ id, price: 99_999_999.99, quantity: 1 }])).status).toBe(200)
  for (const quantity of [2, 10_000])
    expect((await checkout(shop, [{ id, price: 99_999_999.99, quantity }])).body.detail).toBe(
      'An order comes to at most 99999999.99',
    )
  const lines = Array.from({ length: 500 }, () => ({ id, price: 99_999_999.99, quantity: 10_000 }))
  const many = await checkout(shop, lines)
  expect([many.status, many.body]).toMatchObject([400, storeForm('An order comes to at most 99999999.99')])
})

test('one’s orders come newest first, by status and in pages', async () => {
  await using shop = await openStore()
  const id = await shop.product({ stock: 100 })
  for (let i = 0; i < 4; i++) await shop.order(id)
  await shop.order(id, 1, shop.other)
  await shop.api('PUT', '/admin/orders/2', { status: 'paid' }, { as: shop.admin })
  const ids = async (query = '') => (await mine(shop, query)).map((order: { id: number }) => order.id)
  expect(await ids()).toEqual([4, 3, 2, 1])
  expect(await ids('?status=paid')).toEqual([2])
  expect(await ids('?status=shipped')).toEqual([])
  expect(await ids('?limit=2&offset=1')).toEqual([3, 2])
  expect(await ids('?status=&limit=&offset=')).toEqual([4, 3, 2, 1])
  expect((await shop.api('GET', '/orders/me?limit=1')).headers.get('x-total-count')).toBe('4')
  for (const [query, type] of [
    ['status=lost', 'enum'],
    ['limit=0', 'greater_than_equal'],
    ['limit=101', 'less_than_equal'],
    ['offset=-1', 'greater_than_equal'],
  ]) {
    const reply = await shop.api('GET', `/orders/me?${query}`)
    expect([reply.status, reply.body.detail[0].type]).toEqual([422, type])
  }
})

test('fifty of one’s orders are shown unless said otherwise', async () => {
  await using shop = await openStore()
  const id = await shop.product({ stock: 100 })
  for (let i = 0; i < 52; i++) await shop.cancelAtDesk(await shop.order(id))
  expect(await mine(shop)).toHaveLength(50)
  expect(await mine(shop, '?limit=100')).toHaveLength(52)
})

test('a customer has twenty unpaid orders at the counter at most, and others go on', async () => {
  await using shop = await openStore()
  const id = await shop.product({ stock: 100 })
  const body = { items: [{ id, price: 899.99, quantity: 1 }], paymentMethod: 'cod' }
  const orders: number[] = []
  for (let i = 0; i < 20; i++) orders.push(await shop.order(id))
  const refused = await shop.api('POST', '/orders/checkout', body)
  expect(refused).toMatchObject({
    status: 400,
    body: { success: false, code: 'too-many-open-orders', params: { most: 20 } },
  })
  expect(await shop.stock(id)).toBe(80)
  expect((await shop.api('POST', '/orders/checkout', body, { as: shop.other })).status).toBe(200)
  await shop.cancelAtDesk(orders[0]!)
  expect((await shop.api('POST', '/orders/checkout', body)).status).toBe(200)
})

test('the unpaid orders of a customer at the counter hold two hundred pieces at most', async () => {
  await using shop = await openStore()
  const id = await shop.product({ stock: 1_000 })
  const order = async (quantity: number, as = shop.customer) =>
    await shop.api(
      'POST',
      '/orders/checkout',
      { items: [{ id, price: 899.99, quantity }], paymentMethod: 'cod' },
      { as },
    )
  expect((await order(201)).body).toMatchObject({ code: 'too-many-open-pieces', params: { most: 200 } })
  expect([(await order(150)).status, (await order(51)).status, (await order(50)).status]).toEqual([200, 400, 200])
  expect([(await order(200, shop.other)).status, await shop.stock(id)]).toEqual([200, 600])
})

test('staff see their own orders here, not those of others', async () => {
  await using shop = await openStore()
  await shop.order(await shop.product())
  for (const as of [shop.other, shop.staff, shop.evaluator, shop.admin])
    expect((await shop.api('GET', '/orders/me', undefined, { as })).body).toEqual([])
})

test('a line keeps its name and price after its product changed or left', async () => {
  await using shop = await openStore()
  const [renamed, gone] = [await shop.product(), await shop.product({ name: 'Case' })]
  await checkout(
    shop,
    [renamed, gone].map((id) => ({ id, price: 899.99, quantity: 1 })),
  )
  await shop.change(renamed, { name: 'New name', price_cents: 1 })
  await shop.change(gone, { deleted_at: 1 })
  expect((await mine(shop))[0].items).toMatchObject([
    {
      title: 'iPhone 14 Pro 256GB',
      unit_price: 899.99,
      product: { id: renamed, title: 'New name', image: expect.stringMatching(/^http.*no-picture\.svg$/) },
    },
    { product_id: gone, title: 'Case', line_total: 899.99, product: null },
  ])
})

test('without Stripe nothing is ordered by card, and all else is said before', async () => {
  await using shop = await openStore()
  const [id, none] = [await shop.product(), await shop.product({ stock: 0 })]
  await shop.api('POST', '/cart/items', { product_id: id, qty: 2 })
  for (const reply of [
    await shop.api('POST', '/orders'),
    await checkout(shop, [{ id, price: 899.99, quantity: 1 }], { paymentMethod: undefined }),
    await checkout(shop, [{ id, price: 899.99, quantity: 1 }], { paymentMethod: 'Card' }),
  ])
    expect([reply.status, reply.body]).toMatchObject([500, storeForm('Stripe not configured')])
  expect((await checkout(shop, [{ id: none, price: 899.99, quantity: 1 }], { paymentMethod: 'card' })).status).toBe(400)
  expect([await mine(shop), await shop.stock(id)]).toEqual([[], 10])
  expect((await shop.api('GET', '/cart')).body.items[0].qty).toBe(2)
})

test('an order to be paid at the counter keeps its stock for the days that are configured', async () => {
  const daysOf = (written: string) => configFrom({ FIXPOINT_COUNTER_ORDER_DAYS: written }).counterOrderDays
  expect([configFrom({}).counterOrderDays, daysOf('3')]).toEqual([7, 3])
  for (const written of ['0', '-1', 'x', '1.5', '366']) expect(() => daysOf(written)).toThrow(UsageError)
  await using shop = await openStore({ config: { counterOrderDays: 3 } })
  const [one, other] = [await shop.product({ stock: 1 }), await shop.product({ stock: 1 })]
  for (const id of [one, other]) await shop.order(id)
  await shop.api('PUT', '/admin/orders/2', { status: 'paid' }, { as: shop.admin })
  const buys = async (id: number) => {
    const as = await shop.person('customer')
    return (await checkout(shop, [{ id, price: 899.99, quantity: 1 }], {}, { as })).status
  }
  shop.clock.pass(3 * 86_400_000 - 1)
  expect(await buys(one)).toBe(400)
  shop.clock.pass(1)
  expect([await buys(one), await buys(other)]).toEqual([200, 400])
  const all = await shop.api('GET', '/admin/orders', undefined, { as: await shop.person('admin') })
  expect(all.body.map((row: any) => row.order.status)).toEqual(['pending', 'paid', 'cancelled'])
})

test('each order waits its own time, and Stripe is asked about those by card alone', async () => {
  await using shop = await openCardShop({ config: { counterOrderDays: 1 } })
  const id = await shop.product()
  const [counter, card] = [await shop.order(id, 2), await shop.buy(id, 3)]
  const states = async () => [await shop.status(counter), await shop.status(card.order_id), await shop.stock(id)]
  shop.clock.pass(31 * 60_000)
  await shop.reconcile()
  expect(await states()).toEqual(['pending', 'cancelled', 8])
  const asked = shop.stripe.asked.filter(({ path }) => path.includes('/payment_intents/'))
  expect(asked.map(({ path }) => path)).toEqual([`POST /v1/payment_intents/${card.intent_id}/cancel`])
  shop.stripe.break('cut-before', { times: 1_000 })
  shop.clock.pass(86_400_000)
  await shop.reconcile()
  expect(await states()).toEqual(['cancelled', 'cancelled', 10])
})

test('a repeated key orders once, also when it comes ten times at once', async () => {
  await using shop = await openStore()
  const id = await shop.product()
  const once = (quantity = 1) =>
    checkout(shop, [{ id, price: 899.99, quantity }], {}, { headers: { 'idempotency-key': 'k' } })
  const replies = await Promise.all(Array.from({ length: 10 }, () => once()))
  for (const { status } of replies) expect([200, 409]).toContain(status)
  const [first, again] = [replies.find(({ status }) => status === 200)!, await once()]
  expect([again.status, again.text]).toEqual([200, first.text])
  expect((await once(2)).status).toBe(422)
  expect([(await mine(shop)).length, await shop.stock(id)]).toEqual([1, 9])
})

test('a refused order leaves its key free', async () => {
  await using shop = await openStore()
  const id = await shop.product({ stock: 0 })
  const once = () => checkout(shop, [{ id, price: 899.99, quantity: 1 }], {}, { headers: { 'idempotency-key': 'k' } })
  expect((await once()).status).toBe(400)
  await shop.write((trx) => insert(trx, 'stock_movement', { product_id: id, quantity: 1, kind: 'receipt' }))
  expect((await once()).status).toBe(200)
})
