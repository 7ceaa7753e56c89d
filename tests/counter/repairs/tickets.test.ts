import { expect, test } from 'vitest'
import { faultsOf, openCounter } from '../counter-shop.ts'

test('a ticket tells everything that happened, oldest first, and who did it', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 10_000 })
  const step = async (method: string, path: string, body: unknown, as = shop.staff) => {
    shop.clock.pass(60_000)
    const reply = await shop.counter(method, `/tickets/${order_id}${path}`, body, { as })
    expect(reply.status, reply.text).toBeLessThan(300)
  }
  await step('POST', '/technicians', { user_id: shop.admin.id })
  await step('POST', '/messages', { text: 'Ordered the screen' }, shop.admin)
  await step('PATCH', '', { status: 'Repairing' })
  await step('PATCH', '', { cost_cents: 12_000, note: 'Screen and battery', promised_at: shop.clock.now() })
  await step('POST', '/payments', { amount_cents: 5_000, method: 'Cash' }, shop.admin)
  await step('DELETE', `/technicians/${shop.admin.id}`, undefined)
  const { timeline } = await shop.ticket(order_id)
  expect(
    timeline.map(({ kind, who, text, from, to, amount_cents }: any) => [kind, who, text, from, to, amount_cents]),
  ).toEqual([
    ['opened', 'Kim Clerk', null, null, null, null],
    ['assigned', 'Kim Clerk', 'Ada Admin', null, null, null],
    ['message', 'Ada Admin', 'Ordered the screen', null, null, null],
    ['status', 'Kim Clerk', null, 'Pending', 'Repairing', null],
    ['price', 'Kim Clerk', null, '10000', '12000', null],
    ['promise', 'Kim Clerk', null, null, expect.stringMatching(/^\d+$/), null],
    ['note', 'Kim Clerk', 'Screen and battery', null, null, null],
    ['payment', 'Ada Admin', 'Cash', null, null, 5_000],
    ['unassigned', 'Kim Clerk', 'Ada Admin', null, null, null],
  ])
})

test('a promise and the words of a problem can be taken away; what is left out stays', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ note: 'Cracked', promised_at: shop.clock.now() + 86_400_000 })
  const change = async (body: object) => (await shop.counter('PATCH', `/tickets/${order_id}`, body)).body
  expect(await change({ promised_at: null })).toMatchObject({ note: 'Cracked', promised_at: null })
  expect(await change({ note: null })).toMatchObject({ note: null, promised_at: null })
  const { timeline } = await shop.ticket(order_id)
  expect(timeline.map(({ kind, text, to }: any) => [kind, text, to]).slice(1)).toEqual([
    ['promise', null, null],
    ['note', null, null],
  ])
})

test('a change begun from what is no longer there is refused, and takes nothing of what is newer', async () => {
  await using shop = await openCounter()
  const later = shop.clock.now() + 86_400_000
  const { order_id } = await shop.takeIn({ note: 'Cracked', estimate_cents: 10_000, promised_at: later })
  const change = (body: object) => shop.counter('PATCH', `/tickets/${order_id}`, body)
  const from = { cost_cents: 10_000, discount_cents: 0, note: 'Cracked', promised_at: later }
  const newer = { cost_cents: 12_000, discount_cents: 500, note: 'Cracked twice', promised_at: later + 1 }
  expect((await change({ ...newer, from })).status).toBe(200)
  for (const body of [{ cost_cents: 9_000 }, { discount_cents: 100 }, { note: null }, { promised_at: null }]) {
    const [field] = Object.keys(body) as (keyof typeof from)[]
    const reply = await change({ ...body, from: { [field!]: from[field!] } })
    expect(reply, field).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/changed meanwhile/) } })
  }
  expect(await shop.ticket(order_id)).toMatchObject(newer)
  // The answer to it was lost, and it comes again.
  expect((await change({ ...newer, from })).status).toBe(200)
  expect((await change({ note: 'Mine', from: { note: newer.note } })).body).toMatchObject({ ...newer, note: 'Mine' })
  expect((await change({ note: 'Unasked' })).body).toMatchObject({ note: 'Unasked' })
})

test('a ticket that does not exist is 404, wherever it is named', async () => {
  await using shop = await openCounter()
  const calls: [string, string, unknown][] = [
    ['GET', '/tickets/999', undefined],
    ['PATCH', '/tickets/999', { note: 'x' }],
    ['POST', '/tickets/999/messages', { text: 'x' }],
    ['POST', '/tickets/999/technicians', { user_id: shop.staff.id }],
    ['DELETE', `/tickets/999/technicians/${shop.staff.id}`, undefined],
    ['POST', '/tickets/999/payments', { amount_cents: 1, method: 'Cash' }],
    ['POST', '/tickets/999/passcode', undefined],
    ['POST', '/tickets/999/claim-code', undefined],
  ]
  for (const [method, path, body] of calls)
    expect(await shop.counter(method, path, body), path).toMatchObject({
      status: 404,
      body: { detail: 'Order not found', code: 'order-not-found' },
    })
})

test('only people who work here are assigned, each once', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const assign = (user_id: number) => shop.counter('POST', `/tickets/${order_id}/technicians`, { user_id })
  expect((await assign(shop.staff.id)).body.technicians).toEqual([{ id: shop.staff.id, full_name: 'Kim Clerk' }])
  expect(await assign(shop.staff.id)).toMatchObject({
    status: 400,
    body: { detail: 'Assignment already exists', code: 'assignment-exists' },
  })
  expect(await assign(shop.customer.id)).toMatchObject({
    status: 400,
    body: { detail: 'Only staff can be assigned', code: 'assignee-not-staff' },
  })
  expect((await assign(999)).status).toBe(404)
  expect((await shop.counter('DELETE', `/tickets/${order_id}/technicians/${shop.admin.id}`)).status).toBe(404)
  expect((await shop.counter('DELETE', `/tickets/${order_id}/technicians/${shop.staff.id}`)).status).toBe(204)
  expect((await shop.ticket(order_id)).technicians).toEqual([])
})

test('cash shows its change; a card keeps its reference', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 8_050 })
  const pay = (body: object) => shop.counter('POST', `/tickets/${order_id}/payments`, body)
  const cash = await pay({ amount_cents: 3_050, method: 'Cash', tendered_cents: 5_000 })
  expect(cash).toMatchObject({
    status: 201,
    body: {
      change_cents: 1_950,
      payment: {
        amount_cents: 3_050,
        due_cents: 8_050,
        status: 'Partial',
        payment_method: 'Cash',
        receipt_number: 'S1-T1-R000001',
        cashier: 'Kim Clerk',
      },
      ticket: { paid_cents: 3_050, due_cents: 5_000 },
    },
  })
  const card = await pay({ amount_cents: 5_000, method: 'Card', reference: 'TERM-77' })
  expect(card.body).toMatchObject({
    change_cents: 0,
    payment: { status: 'Paid', transaction_id: 'TERM-77' },
    ticket: { due_cents: 0, payments: [{}, {}] },
  })
})

test('a payment is never more than is owed, nor covered by too little cash', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 1_000 })
  const pay = (body: object) => shop.counter('POST', `/tickets/${order_id}/payments`, body)
  expect(await pay({ amount_cents: 1_001, method: 'Cash' })).toMatchObject({
    status: 400,
    body: { detail: 'Payment exceeds the amount due', code: 'payment-exceeds-due' },
  })
  expect(faultsOf(await pay({ amount_cents: 1_000, method: 'Cash', tendered_cents: 999 }))).toEqual([
    'body.tendered_cents value_error',
  ])
  expect(faultsOf(await pay({ amount_cents: 0, method: 'Gold' }))).toEqual([
    'body.amount_cents greater_than_equal',
    'body.method enum',
  ])
  expect(faultsOf(await pay({ amount_cents: 1.5, method: 'Card', reference: '4111 1111 1111 1111' }))).toEqual([
    'body.amount_cents int_from_float',
    'body.reference value_error',
  ])
  expect((await shop.ticket(order_id)).payments).toEqual([])
})

test('two cashiers paying at once never collect more than is owed', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 1_000 })
  const cashiers = [shop.staff, shop.admin]
  const pay = (n: number) =>
    shop.counter(
      'POST',
      `/tickets/${order_id}/payments`,
      { amount_cents: 300, method: 'Cash' },
      { as: cashiers[n % 2] },
    )
  const replies = await Promise.all(Array.from({ length: 10 }, (_, n) => pay(n)))
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(3)
  expect(await shop.ticket(order_id)).toMatchObject({ paid_cents: 900, due_cents: 100 })
})

test('a cancelled repair is asked for nothing, yet a fee for the diagnosis is taken up to its price', async () => {
  await using shop = await openCounter()
  const { order_id, customer_id } = await shop.takeIn({ estimate_cents: 1_000 })
  await shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Cancelled' })
  expect(await shop.ticket(order_id)).toMatchObject({ due_cents: 0, customer: { balance_cents: 0 } })
  expect((await shop.counter('GET', `/customers/${customer_id}`)).body).toMatchObject({
    balance_cents: 0,
    open_tickets: 0,
  })
  const pay = (amount_cents: number) =>
    shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents, method: 'Cash' })
  expect([(await pay(400)).status, (await pay(601)).status, (await pay(600)).status]).toEqual([201, 400, 201])
})

test('a discount above the cost, or a price below what was paid, is refused', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 1_000 })
  await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 800, method: 'Cash' })
  const change = (body: object) => shop.counter('PATCH', `/tickets/${order_id}`, body)
  expect(faultsOf(await change({ discount_cents: 1_001 }))).toEqual(['body.discount_cents value_error'])
  expect((await change({ discount_cents: 201 })).status).toBe(400)
  expect((await change({ discount_cents: 200 })).body).toMatchObject({ total_cents: 800, due_cents: 0 })
})

test('completing and reopening moves the instant of completion', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  shop.clock.pass(5_000)
  const change = async (status: string) =>
    (await shop.counter('PATCH', `/tickets/${order_id}`, { status })).body.completed_at
  expect(await change('Completed')).toBe(shop.clock.now())
  expect(await change('Repairing')).toBeNull()
})

test('what a removed payment moved stays in the timeline', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 1_000 })
  const { body } = await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 400, method: 'Cash' })
  await shop.call('DELETE', `/v1/payments/${body.payment.id}`, { as: shop.admin })
  const ticket = await shop.ticket(order_id)
  expect(ticket).toMatchObject({ paid_cents: 0, due_cents: 1_000, payments: [] })
  expect(ticket.timeline.slice(1)).toMatchObject([
    { kind: 'payment', amount_cents: 400 },
    { kind: 'correction', amount_cents: -400, who: 'Ada Admin' },
  ])
})

test('a payment sent again under its key is taken once', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 1_000 })
  const pay = () =>
    shop.counter(
      'POST',
      `/tickets/${order_id}/payments`,
      { amount_cents: 400, method: 'Cash' },
      { headers: { 'idempotency-key': 'pay-1' } },
    )
  const replies = [await pay(), await pay()]
  expect(replies.map(({ status }) => status)).toEqual([201, 201])
  expect((await shop.ticket(order_id)).paid_cents).toBe(400)
})

test('an empty message or a card number in it is refused', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const say = async (text: string) => (await shop.counter('POST', `/tickets/${order_id}/messages`, { text })).status
  expect(await say('')).toBe(422)
  expect(await say('paid with 5555 5555 5555 4444')).toBe(422)
  expect(await say('IMEI 490154203237518 is right')).toBe(201)
})

test('what was handed over in cash and what the repair cost then stay with the payment', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 10_000 })
  const pay = (body: object) => shop.counter('POST', `/tickets/${order_id}/payments`, body)
  await pay({ amount_cents: 4_000, method: 'Cash', tendered_cents: 5_000 })
  await shop.counter('PATCH', `/tickets/${order_id}`, { cost_cents: 12_000, discount_cents: 500 })
  await pay({ amount_cents: 1_000, method: 'Card', tendered_cents: 5_000 })
  const { receipts } = await shop.ticket(order_id)
  expect(
    receipts.map(({ legs: [leg], ...bill }: any) => [leg.tendered_cents, bill.cost_cents, bill.discount_cents]),
  ).toEqual([
    [5_000, 10_000, 0],
    [null, 12_000, 500],
  ])
})

test('a payment that went back in part is put right with its reason, and what is owed follows', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 10_000 })
  const other = await shop.takeIn()
  const { payment } = (
    await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 7_000, method: 'Cash' })
  ).body
  const correct = (body: object, id = order_id) => shop.counter('PATCH', `/tickets/${id}/payments/${payment.id}`, body)
  const { body: ticket } = await correct({ amount_cents: 2_500, reason: 'The part was not needed' })
  expect([ticket.paid_cents, ticket.due_cents, ticket.payments[0].amount_cents]).toEqual([2_500, 7_500, 2_500])
  expect(ticket.timeline.slice(-3).map(({ kind, text, amount_cents }: any) => [kind, text, amount_cents])).toEqual([
    ['message', 'The part was not needed', null],
    ['payment', 'Cash', 7_000],
    ['correction', 'Cash', -4_500],
  ])
  expect((await correct({ amount_cents: 10_001, reason: 'Too much' })).body.detail).toBe(
    'Payment exceeds the amount due',
  )
  expect(faultsOf(await correct({ amount_cents: 0, reason: '  ' }))).toEqual(['body.reason string_too_short'])
  expect((await correct({ amount_cents: 0, reason: 'Elsewhere' }, other.order_id)).status).toBe(404)
})
