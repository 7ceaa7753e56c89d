import { expect, test } from 'vitest'
import { formOf } from '../../api/pictures.ts'
import { type CardShop, openCardShop } from '../../api/card-shop.ts'

const desk = (shop: CardShop, id: number, what: 'payments' | 'cancel', body: object = {}) =>
  shop.call('POST', `/counter/sales-orders/${id}/${what}`, { as: shop.staff, body })
const entriesIn = ({ database: { db } }: CardShop) =>
  db.selectFrom('sales_payment_entry').select(['amount_cents', 'kind', 'reference', 'actor_id']).orderBy('id').execute()

test('the desk takes the whole money of an order, which is paid with it and shows it to its customer', async () => {
  await using shop = await openCardShop()
  const id = await shop.product()
  const shippingAddress = { street: '123 Main St' }
  const items = [{ id, price: 899.99, quantity: 2 }]
  await shop.api('POST', '/orders/checkout', { items, paymentMethod: 'cod', shippingAddress })
  await shop.api('PUT', '/admin/orders/1', { notes: 'Rings twice' }, { as: shop.admin })
  const reply = await desk(shop, 1, 'payments', { method: 'Card', reference: 'T-0815' })
  expect([reply.status, reply.body]).toMatchObject([
    201,
    {
      status: 'paid',
      paid_cents: 179_998,
      refund_due: false,
      notes: 'Rings twice',
      shipping_address: shippingAddress,
      payments: [{ method: 'Card', amount_cents: 179_998, status: 'succeeded', entries: [{ reference: 'T-0815' }] }],
    },
  ])
  const charge = { amount_cents: 179_998, kind: 'charge', reference: 'T-0815', actor_id: shop.staff.id }
  expect(await entriesIn(shop)).toEqual([charge])
  expect((await shop.api('GET', '/orders/me')).body[0]).toMatchObject({
    status: 'paid',
    payment: { status: 'succeeded', amount: 1799.98, currency: 'usd' },
  })
  shop.clock.pass(8 * 86_400_000)
  await shop.reconcile()
  expect([await shop.status(1), await shop.stock(id)]).toEqual(['paid', 8])
})

test('what was handed over in cash stands with the receipt, and cash that does not cover the order is refused', async () => {
  await using shop = await openCardShop()
  const id = await shop.order(await shop.product())
  const short = await desk(shop, id, 'payments', { method: 'Cash', tendered_cents: 89_998 })
  expect([short.status, short.body.detail[0]]).toMatchObject([
    422,
    { loc: ['body', 'tendered_cents'], code: 'cash-too-little' },
  ])
  expect(await entriesIn(shop)).toEqual([])
  const { status, body } = await desk(shop, id, 'payments', { method: 'Cash', tendered_cents: 90_000 })
  expect([status, body.payments[0].entries[0]]).toMatchObject([
    201,
    { amount_cents: 89_999, receipt: { number: 'S1-T1-R000001', tendered_cents: 90_000 } },
  ])
})

test('of an order that is not paid in cash nothing is noted as handed over', async () => {
  await using shop = await openCardShop()
  const id = await shop.order(await shop.product())
  const { body } = await desk(shop, id, 'payments', { method: 'Card', tendered_cents: 90_000 })
  expect(body.payments[0].entries[0].receipt).toMatchObject({ number: 'S1-T1-R000001', tendered_cents: null })
})

test('money at the desk has a receipt with its tax, by the rule of the day of the order, and so has what goes back there', async () => {
  await using shop = await openCardShop()
  const setTax = (tax_mode: string, tax_rate: number) => {
    const body = { name: 'Fix & Co', currency: 'USD', time_zone: 'UTC', tax_mode, tax_rate }
    return shop.call('PUT', '/counter/shop', { as: shop.admin, body })
  }
  expect((await setTax('included', 1_900)).status).toBe(200)
  const id = await shop.order(await shop.product())
  shop.clock.pass(60_000)
  expect((await setTax('included', 700)).status).toBe(200)
  const { body } = await desk(shop, id, 'payments', { method: 'Cash' })
  const [entry] = body.payments[0].entries
  expect([entry.amount_cents, entry.receipt]).toMatchObject([
    89_999,
    { number: 'S1-T1-R000001', tax_mode: 'included', tax_rate: 1_900, taxes: [{ rate: 1_900, cents: 14_370 }] },
  ])
  for (const q of ['R:S1-T1-R000001', 's1-t1-r000001', '1']) {
    const found = await shop.call('GET', `/counter/search?q=${q}`, { as: shop.staff })
    expect(found.body.web_orders).toEqual([
      { id, status: 'paid', customer_name: expect.any(String), receipt_number: 'S1-T1-R000001' },
    ])
  }
  const eve = await shop.person('evaluator')
  for (const q of ['R:S1-T1-R000001', '1'])
    expect((await shop.call('GET', `/counter/search?q=${q}`, { as: eve })).body.web_orders).toEqual([])
  await shop.api('PUT', `/admin/orders/${id}`, { status: 'refunded' }, { as: shop.admin })
  const { payments } = (await shop.call('GET', `/counter/sales-orders/${id}`, { as: shop.staff })).body
  expect(payments[0].entries[1]).toMatchObject({
    amount_cents: -89_999,
    receipt: { number: 'S1-T1-R000002', taxes: [{ rate: 1_900, cents: -14_370 }] },
  })
})

test('tax that is added on top is what the receipt of the desk states, line by line', async () => {
  await using shop = await openCardShop()
  const body = { name: 'Fix', currency: 'USD', time_zone: 'UTC', tax_mode: 'added', tax_rate: 2_100 }
  await shop.call('PUT', '/counter/shop', { as: shop.admin, body })
  const [first, second] = [await shop.product({ price_cents: 152 }), await shop.product({ price_cents: 39 })]
  const items = [{ id: first, price: 1.52, quantity: 1 }, { id: second, price: 0.39, quantity: 1 }] // oxfmt-ignore
  const { order_id } = (await shop.api('POST', '/orders/checkout', { items, paymentMethod: 'cod' })).body
  const paid = await desk(shop, order_id, 'payments', { method: 'Cash' })
  expect([paid.body.total_cents, paid.body.payments[0].entries[0].receipt.taxes]).toEqual([
    231,
    [{ rate: 2_100, cents: 40 }],
  ])
})

test('money is taken once, however often and however many take it', async () => {
  await using shop = await openCardShop()
  const id = await shop.order(await shop.product())
  const replies = await Promise.all([1, 2, 3].map(() => desk(shop, id, 'payments', { method: 'Cash' })))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400])
  expect((await desk(shop, id, 'payments', { method: 'Cash' })).body.detail).toBe(
    'This order waits for no money: it is paid',
  )
  expect(await entriesIn(shop)).toHaveLength(1)
})

test('what may be paid by card online is not paid at the desk too', async () => {
  await using shop = await openCardShop()
  const { order_id, intent_id } = await shop.buy(await shop.product())
  const refused = await desk(shop, order_id, 'payments', { method: 'Cash' })
  expect([refused.status, refused.body.detail]).toEqual([400, 'This order may still be paid by card online'])
  shop.stripe.confirm(intent_id)
  await shop.deliver(...shop.stripe.events)
  expect(await shop.sale(order_id)).toMatchObject({
    status: 'paid',
    paid_cents: 89_999,
    payments: [{ method: 'card' }],
  })
})

test('an unknown order, tender or card number is refused', async () => {
  await using shop = await openCardShop()
  const id = await shop.order(await shop.product())
  expect((await desk(shop, 999, 'payments', { method: 'Cash' })).status).toBe(404)
  for (const body of [{}, { method: 'cod' }, { method: 'Card', reference: '4242 4242 4242 4242' }])
    expect((await desk(shop, id, 'payments', body)).status).toBe(422)
  expect([await shop.status(id), await entriesIn(shop)]).toEqual(['pending', []])
})

test('the desk gives up what nobody paid, and its goods are free; what is paid stays', async () => {
  await using shop = await openCardShop()
  const product = await shop.product()
  const [counter, paid] = [await shop.order(product, 2), await shop.order(product, 3)]
  const card = await shop.buy(product)
  await desk(shop, paid, 'payments', { method: 'Other' })
  for (const id of [counter, card.order_id]) expect((await desk(shop, id, 'cancel')).body.status).toBe('cancelled')
  await shop.reconcile()
  expect([await shop.stock(product), shop.stripe.intent(card.intent_id).status]).toEqual([7, 'canceled'])
  for (const id of [counter, paid]) expect((await desk(shop, id, 'cancel')).status).toBe(400)
  expect((await desk(shop, counter, 'payments', { method: 'Cash' })).status).toBe(400)
  expect((await desk(shop, 999, 'cancel')).status).toBe(404)
})

test('money that was taken at the desk goes back there, never through Stripe', async () => {
  await using shop = await openCardShop()
  const id = await shop.order(await shop.product())
  await desk(shop, id, 'payments', { method: 'Cash' })
  const online = await shop.refund(id)
  expect([online.status, online.body.detail]).toEqual([400, 'Nothing was paid by card on this order'])
  const set = (status: string) => shop.api('PUT', `/admin/orders/${id}`, { status }, { as: shop.admin })
  await set('cancelled')
  expect(await shop.sale(id)).toMatchObject({ status: 'cancelled', refund_due: true })
  await set('refunded')
  expect(await shop.sale(id)).toMatchObject({ status: 'refunded', refund_due: false, refunded_cents: 89_999 })
  expect((await entriesIn(shop)).at(-1)).toMatchObject({
    amount_cents: -89_999,
    kind: 'refund',
    actor_id: shop.admin.id,
  })
  expect(shop.stripe.asked).toEqual([])
})

test('an order that was sent before it was paid is paid at the desk, once', async () => {
  await using shop = await openCardShop()
  const id = await shop.order(await shop.product())
  await shop.api('PUT', `/admin/orders/${id}`, { status: 'shipped' }, { as: shop.admin })
  const owed = async () =>
    (await shop.call('GET', `/counter/customers/${shop.customer.id}`, { as: shop.staff })).body.web_orders[0]
      .to_pay_cents
  expect(await owed()).toBe(89_999)
  const reply = await desk(shop, id, 'payments', { method: 'Cash' })
  expect([reply.status, reply.body.status, reply.body.paid_cents]).toEqual([201, 'shipped', 89_999])
  expect(await owed()).toBe(0)
  const again = await desk(shop, id, 'payments', { method: 'Cash' })
  expect([again.status, again.body.detail]).toEqual([400, 'This order is paid already'])
  expect((await desk(shop, id, 'cancel')).status).toBe(400)
})

test('the card of a customer names their orders and requests, and who sees no money gets no order', async () => {
  await using shop = await openCardShop()
  const product = await shop.product()
  const first = await shop.order(product)
  shop.clock.pass(1_000)
  const second = await shop.order(product)
  await desk(shop, first, 'payments', { method: 'Cash' })
  const form = formOf({ brand_name: 'Apple', model_text: 'iPhone 12', storage: '128GB', condition: 'A' }, [])
  const asked = await shop.api('POST', '/tradein/pickup-requests', form)
  expect(asked.status, asked.text).toBe(201)
  const card = async (as: CardShop['staff']) =>
    (await shop.call('GET', `/counter/customers/${shop.customer.id}`, { as })).body
  const { web_orders, requests } = await card(shop.staff)
  expect(web_orders).toMatchObject([
    { id: second, status: 'pending', total_cents: 89_999, to_pay_cents: 89_999, products: [{ qty: 1 }] },
    { id: first, status: 'paid', total_cents: 89_999, to_pay_cents: 0, refund_due: false, disputed: false },
  ])
  expect(requests).toMatchObject([{ status: 'requested', device_title: 'Apple iPhone 12 128GB' }])
  const seen = await card(await shop.person('evaluator'))
  expect([seen.web_orders, seen.requests]).toEqual([undefined, requests])
  const { id: other } = await shop.person('customer')
  const nobodys = (await shop.call('GET', `/counter/customers/${other}`, { as: shop.staff })).body
  expect([nobodys.web_orders, nobodys.requests]).toEqual([[], []])
})
