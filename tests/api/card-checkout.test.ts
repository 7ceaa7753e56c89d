import { expect, test } from 'vitest'
import { configFrom } from '../../server/config.ts'
import { KEY, type Fault } from '../support/stripe-stand-in.ts'
import { type CardShop, EVERY_TRY, openCardShop } from './card-shop.ts'

const CREATE = 'POST /v1/payment_intents'
const created = ({ stripe }: CardShop) => stripe.asked.filter(({ path }) => path === CREATE)
const open = ({ stripe }: CardShop) =>
  [...stripe.intents.values()].filter(({ status }) => status === 'requires_payment_method')

test('a card order gets the secret of an intent over its total that names the order', async () => {
  await using shop = await openCardShop()
  const { status, body, order_id, intent_id } = await shop.buy(await shop.product(), 2)
  expect([status, body]).toEqual([
    200,
    { success: true, orderId: 'ORD1', order_id: 1, client_secret: shop.stripe.intent(intent_id).client_secret },
  ])
  const { params, key } = created(shop)[0]!
  expect(params).toEqual({
    amount: '179998',
    currency: 'usd',
    payment_method_types: ['card'],
    metadata: { order_id: '1', reference: key, shop: 'S1-T1' },
  })
  expect(await shop.sale(order_id)).toMatchObject({
    status: 'pending',
    payments: [{ status: 'requires_payment_method', amount_cents: 179_998, intent_id, entries: [] }],
  })
  const [mine] = (await shop.api('GET', '/orders/me')).body
  expect(mine.payment).toEqual({ status: 'requires_payment_method', amount: 1799.98, currency: 'usd' })
})

test.each([
  ['usd', 89_900, '89900'],
  ['jpy', 89_900, '899'],
  ['kwd', 89_950, '899500'],
  ['isk', 89_900, '89900'],
])('Stripe is asked for an amount in the minor unit of %s', async (currency, price_cents, amount) => {
  await using shop = await openCardShop()
  await shop.settings({ currency: currency.toUpperCase() })
  const { order_id } = await shop.paid(await shop.product({ price_cents }))
  expect(created(shop)[0]!.params).toMatchObject({ amount, currency })
  expect(await shop.sale(order_id)).toMatchObject({ status: 'paid', paid_cents: price_cents })
})

test('an amount with decimals in a currency without them is refused, and nothing is taken', async () => {
  await using shop = await openCardShop()
  await shop.settings({ currency: 'JPY' })
  const id = await shop.product({ price_cents: 89_950 })
  const { status, body } = await shop.buy(id)
  expect([status, body.detail]).toEqual([400, 'Amounts in this currency have no decimals: it cannot be paid by card'])
  expect([shop.stripe.asked, await shop.stock(id)]).toEqual([[], 10])
})

/** What is answered, and whether Stripe was left with an intent that nobody can pay. */
const FAULTS: [Fault, number, string][] = [
  ['cut-before', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['cut-after', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['hang-before', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['hang-after', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['limit', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['down', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['down-after', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['html', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['empty', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['other-amount', 503, 'Stripe cannot be reached. Nothing was ordered or charged; try again.'],
  ['declined', 402, 'The card was declined. Nothing was ordered or charged.'],
  ['wrong-key', 500, 'Stripe not configured: it does not accept the key of this shop'],
]

test.each(FAULTS)(
  'when Stripe answers with %s, nothing is ordered, taken or left to be paid',
  async (fault, status, text) => {
    await using shop = await openCardShop()
    const id = await shop.product()
    await shop.api('POST', '/cart/items', { product_id: id, qty: 2 })
    shop.stripe.break(fault, EVERY_TRY)
    const reply = await shop.api('POST', '/orders')
    expect([reply.status, reply.body]).toMatchObject([status, { detail: text, success: false, error: text }])
    expect(await shop.stock(id)).toBe(10)
    expect((await shop.api('GET', '/cart')).body.items).toMatchObject([{ product_id: id, qty: 2 }])
    expect(reply.text + shop.logged.join()).not.toMatch(new RegExp(`${KEY}|4242424242424242`))
    shop.stripe.mend()
    await shop.reconcile()
    expect(open(shop)).toEqual([])
    const admin = (method: string, path = '', body?: object) =>
      shop.api(method, `/admin/orders${path}`, body, { as: shop.admin })
    expect([(await shop.api('GET', '/orders/me')).body, (await admin('GET')).body]).toEqual([[], []])
    expect([(await admin('PUT', '/1', { notes: 'x' })).status, (await admin('DELETE', '/1')).status]).toEqual([
      404, 404,
    ])
    expect(await shop.status(1)).toBe('cancelled')
  },
)

test.each(['cut-after', 'down-after', 'cut-before'] as const)(
  'a line that fails once (%s) makes one intent',
  async (fault) => {
    await using shop = await openCardShop()
    shop.stripe.break(fault)
    const { status } = await shop.buy(await shop.product())
    expect([status, shop.stripe.intents.size, new Set(created(shop).map(({ key }) => key)).size]).toEqual([200, 1, 1])
  },
)

test.each([0, 10])(
  'an order of %i cents is too small to be paid by card, and nothing was taken',
  async (price_cents) => {
    await using shop = await openCardShop()
    const id = await shop.product({ price_cents })
    // Without a price it is sold only where the shop says so.
    await shop.change(id, { web: 1 })
    const { status, body } = await shop.buy(id)
    expect([status, body.error]).toEqual([400, 'The total is too small to be paid by card'])
    expect(await shop.stock(id)).toBe(10)
  },
)

test('unpaid orders by card and at the counter hold two hundred pieces together, and Stripe hears of no more', async () => {
  await using shop = await openCardShop()
  const id = await shop.product({ stock: 1_000 })
  const refused = { status: 400, body: { success: false, code: 'too-many-open-pieces', params: { most: 200 } } }
  expect((await shop.buy(id, 150)).status).toBe(200)
  expect(await shop.buy(id, 51)).toMatchObject(refused)
  const items = [{ id, price: 899.99, quantity: 51 }]
  expect(await shop.api('POST', '/orders/checkout', { items, paymentMethod: 'cod' })).toMatchObject(refused)
  expect([created(shop).length, await shop.stock(id)]).toEqual([1, 850])
  expect((await shop.buy(id, 51, shop.other)).status).toBe(200)
  shop.stripe.confirm([...shop.stripe.intents.keys()][0]!, 'good')
  await shop.deliver(...shop.stripe.events)
  expect((await shop.buy(id, 200)).status).toBe(200)
})

test('by card more than twenty orders may wait: they are no orders at the counter', async () => {
  await using shop = await openCardShop()
  const id = await shop.product({ stock: 100 })
  for (let n = 0; n < 21; n++) expect((await shop.buy(id)).status).toBe(200)
  expect(
    (await shop.api('POST', '/orders/checkout', { items: [{ id, price: 899.99, quantity: 1 }], paymentMethod: 'cod' }))
      .status,
  ).toBe(200)
})

test('a program that dies between Stripe’s answer and its own row undoes the order at the next run', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const { database } = shop.context
  const { write } = database
  shop.stripe.done.hook = () => (database.write = () => Promise.reject(new Error('killed')))
  expect((await shop.buy(id)).status).toBe(500)
  database.write = write
  shop.stripe.done.hook = null
  expect([await shop.stock(id), await shop.status(1)]).toEqual([9, 'pending'])
  shop.clock.pass(1)
  shop.state.started = shop.clock.now()
  await shop.reconcile()
  expect([await shop.stock(id), await shop.status(1)]).toEqual([10, 'cancelled'])
  expect([...shop.stripe.intents.values()].map(({ status }) => status)).toEqual(['canceled'])
  expect((await shop.sale(1)).payments[0]).toMatchObject({ status: 'canceled' })
})

test('an order that is being placed is left alone by a run', async () => {
  await using shop = await openCardShop()
  shop.stripe.done.hook = async () => {
    shop.stripe.done.hook = null
    await shop.reconcile()
  }
  const { status, order_id } = await shop.buy(await shop.product())
  expect([status, await shop.status(order_id)]).toEqual([200, 'pending'])
})

test('keys and the other address of Stripe are read from the environment, and a wrong one is not repeated', () => {
  const env = { STRIPE_SECRET_KEY: ' sk_test_1234567 ', STRIPE_WEBHOOK_SECRET: 'whsec_1234567' }
  const { stripe } = configFrom({ ...env, FIXPOINT_STRIPE_API: 'http://127.0.0.1:12111' })
  expect(stripe).toEqual({
    key: 'sk_test_1234567',
    webhookSecret: 'whsec_1234567',
    api: new URL('http://127.0.0.1:12111'),
  })
  expect(() => configFrom({ STRIPE_SECRET_KEY: 'sk_live_with space' })).toThrow(/^STRIPE_SECRET_KEY is no key/)
  for (const address of ['nonsense', 'ftp://127.0.0.1', 'https://a.example/v2', 'https://user@a.example'])
    expect(() => configFrom({ FIXPOINT_STRIPE_API: address })).toThrow('is no address like https://api.stripe.com')
  expect(() => configFrom({ FIXPOINT_STRIPE_API: 'http://stripe.example' })).toThrow('only an address of this machine')
})
