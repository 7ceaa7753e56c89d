import { expect, test } from 'vitest'
import { faultsOf, openRepairShop, type RepairShop } from './repair-shop.ts'

const entriesOf = async (shop: RepairShop, payment_id: number) =>
  await shop.database.db
    .selectFrom('payment_entry')
    .select(['amount_cents', 'kind', 'actor_id', 'payment_method', 'receipt_number'])
    .where('payment_id', '=', payment_id)
    .orderBy('id')
    .execute()

test('a payment is taken and found as documented', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const wanted = {
    order_id,
    due_amount: '275.00',
    amount: '150.00',
    status: 'Partial',
    payment_method: 'Cash',
    transaction_id: 'TXN001',
  }
  const reply = await shop.v1('POST', '/payments', wanted, { as: shop.staff })
  expect(reply.status).toBe(201)
  expect(reply.body).toMatchObject({ id: 1, ...wanted, created_at: '2026-01-15T09:00:00Z' })
  expect((await shop.v1('GET', '/payments/1')).body).toEqual(reply.body)
  expect((await shop.v1('GET', '/payments')).body).toEqual([reply.body])
})

test('only the order is required: all that is owed is due, nothing is paid', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  await shop.payment({ order_id, amount_cents: 10_000 })
  const { status, body } = await shop.v1('POST', '/payments', { order_id })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    due_amount: '175.00',
    amount: '0.00',
    status: 'Unpaid',
    payment_method: null,
    transaction_id: null,
  })
  expect(faultsOf(await shop.v1('POST', '/payments', {}))).toEqual(['body.order_id missing'])
  const missing = await shop.v1('POST', '/payments', { order_id: 99, amount: '1' })
  expect([missing.status, missing.body]).toEqual([404, { detail: 'Order not found', code: 'order-not-found' }])
})

test('the status of a payment follows from its amounts and the repair', async () => {
  await using shop = await openRepairShop()
  for (const [order, due_amount, amount, status] of [
    ['Pending', '275.00', '275.00', 'Paid'],
    ['Pending', '275.00', '0.01', 'Partial'],
    ['Pending', '275.00', '0.00', 'Unpaid'],
    ['Completed', '275.00', '0.00', 'Due'],
    ['Completed', '100.00', '100.00', 'Paid'],
    ['Cancelled', '0.00', '0.00', 'Paid'],
  ] as const) {
    const { id: order_id } = await shop.order({ status: order })
    const { body } = await shop.v1('POST', '/payments', { order_id, due_amount, amount })
    expect(body).toMatchObject({ due_amount, amount, status })
  }
})

test('a status that contradicts the amounts is refused', async () => {
  await using shop = await openRepairShop()
  for (const [amount, status] of [
    ['275.00', 'Partial'],
    ['275.00', 'Due'],
    ['100.00', 'Paid'],
    ['100.00', 'Unpaid'],
    ['0.00', 'Paid'],
    ['0.00', 'Partial'],
  ]) {
    const { id: order_id } = await shop.order()
    const refused = await shop.v1('POST', '/payments', { order_id, amount, status })
    expect(refused.status).toBe(400)
    expect((await shop.v1('GET', '/payments')).body).toEqual([])
  }
})

test('nothing paid may be noted as Due or as Unpaid, as clients do', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  for (const status of ['Due', 'Unpaid']) {
    const reply = await shop.v1('POST', '/payments', {
      order_id,
      due_amount: '275.00',
      amount: '0.00',
      status,
      payment_method: null,
      transaction_id: null,
    })
    expect([reply.status, reply.body.status, reply.body.amount]).toEqual([201, status, '0.00'])
  }
})

test('Due and Unpaid say that something is owed, and nothing of how it was paid', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const send = (fields: object) => shop.v1('POST', '/payments', { order_id, amount: '0.00', ...fields })
  expect((await send({ status: 'Due', payment_method: 'Cash' })).status).toBe(400)
  expect((await send({ status: 'Unpaid', payment_method: 'Cash' })).status).toBe(201)
  const { body: note } = await send({ status: 'Due' })
  expect((await shop.v1('PATCH', `/payments/${note.id}`, { payment_method: 'Cash' })).body.status).toBe('Unpaid')
  for (const status of ['Due', 'Unpaid']) {
    const nothingDue = await send({ status, due_amount: '0.00' })
    expect([nothingDue.status, nothingDue.body]).toMatchObject([
      400,
      { detail: `Status '${status}' contradicts the amounts: it would be 'Paid'` },
    ])
  }
  await shop.payment({ order_id, amount_cents: 27_500 })
  expect([(await send({ status: 'Due' })).status, (await send({ status: 'Paid' })).status]).toEqual([400, 201])
})

test('a cancelled repair takes money as every other does', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order({ status: 'Cancelled' })
  expect((await shop.v1('POST', '/payments', { order_id })).body).toMatchObject({
    due_amount: '275.00',
    status: 'Unpaid',
  })
  expect((await shop.v1('POST', '/payments', { order_id, amount: '100.00' })).body.status).toBe('Partial')
  expect((await shop.v1('POST', '/payments', { order_id, amount: '175.01' })).status).toBe(400)
})

test('a note of what is owed follows the repair', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const { id } = await shop.payment({ order_id, amount_cents: 0 })
  const set = async (status: string) => {
    await shop.v1('PATCH', `/orders/${order_id}`, { status })
    return (await shop.v1('GET', `/payments/${id}`)).body.status
  }
  expect(await set('Completed')).toBe('Due')
  expect((await shop.v1('GET', '/payments?status=Due')).body.length).toBe(1)
  expect(await set('Repairing')).toBe('Unpaid')
})

test('never more than is owed is due or paid', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  for (const [fields, detail] of [
    [{ amount: '275.01' }, 'Payment exceeds the amount due'],
    [{ due_amount: '100.00', amount: '100.01' }, 'Payment exceeds the amount due'],
    [{ due_amount: '275.01', amount: '1.00' }, 'Due amount exceeds what is owed'],
  ]) {
    const reply = await shop.v1('POST', '/payments', { order_id, ...(fields as object) })
    expect([reply.status, reply.body]).toMatchObject([400, { detail }])
  }
  expect((await shop.v1('POST', '/payments', { order_id, amount: '275.00' })).body.status).toBe('Paid')
  const more = await shop.v1('POST', '/payments', { order_id, amount: '0.01' })
  expect([more.status, more.body]).toEqual([
    400,
    { detail: 'Payment exceeds the amount due', code: 'payment-exceeds-due' },
  ])
})

test('a payment is refused with every fault at once', async () => {
  await using shop = await openRepairShop()
  for (const [fields, faults] of [
    [{ amount: '1.001' }, 'body.amount decimal_max_places'],
    [{ amount: '-0.01' }, 'body.amount greater_than_equal'],
    [{ amount: 'ten', due_amount: [] }, 'body.amount decimal_parsing,body.due_amount decimal_type'],
    [{ status: 'paid', payment_method: 5 }, 'body.payment_method string_type,body.status enum'],
    [{ transaction_id: '4111 1111 1111 1111' }, 'body.transaction_id value_error'],
  ] as const) {
    expect(faultsOf(await shop.v1('POST', '/payments', { order_id: 1, ...fields })).join()).toBe(faults)
  }
})

test('a correction changes the figures and keeps the former ones', async () => {
  await using shop = await openRepairShop()
  const { id, order_id } = await shop.payment({
    amount_cents: 15_000,
    payment_method: 'Cash',
    transaction_id: 'TXN001',
  })
  const before = (await shop.v1('GET', `/payments/${id}`)).body
  shop.clock.pass(60_000)
  const reply = await shop.v1(
    'PATCH',
    `/payments/${id}`,
    { amount: '275.00', status: 'Paid', payment_method: 'Card' },
    { as: shop.staff },
  )
  expect(reply.status).toBe(200)
  expect(reply.body).toEqual({
    ...before,
    amount: '275.00',
    status: 'Paid',
    payment_method: 'Card',
    updated_at: '2026-01-15T09:01:00Z',
  })
  expect((await shop.v1('PATCH', `/payments/${id}`, { amount: '20.00' })).body).toMatchObject({
    amount: '20.00',
    status: 'Partial',
  })
  const [admin, staff] = [{ actor_id: shop.admin.id }, { actor_id: shop.staff.id }]
  expect(await entriesOf(shop, id)).toEqual([
    { amount_cents: 15_000, kind: 'payment', ...admin, payment_method: 'Cash', receipt_number: 'S1-T1-R000001' },
    { amount_cents: -15_000, kind: 'correction', ...staff, payment_method: 'Cash', receipt_number: 'S1-T1-R000002' },
    { amount_cents: 27_500, kind: 'correction', ...staff, payment_method: 'Card', receipt_number: 'S1-T1-R000002' },
    { amount_cents: -25_500, kind: 'correction', ...admin, payment_method: 'Card', receipt_number: 'S1-T1-R000003' },
  ])
  const patched = await shop.database.db
    .selectFrom('journal')
    .select(['before', 'after'])
    .where('entity', '=', 'payment')
    .where('kind', '=', 'patch')
    .orderBy('seq')
    .executeTakeFirst()
  expect(JSON.parse(patched!.before!)).toMatchObject({ status: 'Partial', payment_method: 'Cash' })
  expect((await shop.v1('POST', '/payments', { order_id })).body.due_amount).toBe('255.00')
})

test('a correction never exceeds what the payment was to settle, nor what is owed', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const first = await shop.payment({ order_id, amount_cents: 15_000 })
  const second = await shop.payment({ order_id, due_amount_cents: 5_000, amount_cents: 2_000 })
  for (const [id, amount] of [
    [second.id, '50.01'],
    [first.id, '275.00'],
    [first.id, '275.01'],
  ] as const) {
    const reply = await shop.v1('PATCH', `/payments/${id}`, { amount })
    expect([reply.status, reply.body]).toEqual([
      400,
      { detail: 'Payment exceeds the amount due', code: 'payment-exceeds-due' },
    ])
  }
  expect((await shop.v1('PATCH', `/payments/${first.id}`, { amount: '255.00' })).status).toBe(200)
  for (const status of ['Paid', 'Due'])
    expect((await shop.v1('PATCH', `/payments/${first.id}`, { status })).status).toBe(400)
  expect((await shop.v1('PATCH', '/payments/99', { amount: '1' })).body).toEqual({
    detail: 'Payment not found',
    code: 'payment-not-found',
  })
})

test('another method takes the money back and in again; a reference alone moves nothing', async () => {
  await using shop = await openRepairShop()
  const { id } = await shop.payment({ amount_cents: 10_000, payment_method: 'Cash' })
  const note = await shop.payment({ amount_cents: 0, status: 'Due' })
  expect(
    (await shop.v1('PATCH', `/payments/${id}`, { payment_method: 'Card', amount: null, status: null })).body,
  ).toMatchObject({ amount: '100.00', status: 'Partial', payment_method: 'Card' })
  expect((await shop.v1('PATCH', `/payments/${note.id}`, { transaction_id: 'T' })).body).toMatchObject({
    status: 'Due',
    transaction_id: 'T',
  })
  expect((await shop.v1('PATCH', `/payments/${id}`, { transaction_id: 'T2' })).body.transaction_id).toBe('T2')
  expect(
    (await entriesOf(shop, id)).map((entry) => [entry.amount_cents, entry.payment_method, entry.receipt_number]),
  ).toEqual([
    [10_000, 'Cash', 'S1-T1-R000001'],
    [-10_000, 'Cash', 'S1-T1-R000002'],
    [10_000, 'Card', 'S1-T1-R000002'],
  ])
})

test('a removed payment is owed again and its entries stay', async () => {
  await using shop = await openRepairShop()
  const { id, order_id } = await shop.payment({ amount_cents: 10_000 })
  const gone = await shop.v1('DELETE', `/payments/${id}`)
  expect([gone.status, gone.text]).toEqual([204, ''])
  for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { amount: '1' }]] as const)
    expect((await shop.v1(method, `/payments/${id}`, body)).body).toEqual({
      detail: 'Payment not found',
      code: 'payment-not-found',
    })
  expect((await entriesOf(shop, id)).map(({ amount_cents, kind }) => [amount_cents, kind])).toEqual([
    [10_000, 'payment'],
    [-10_000, 'removal'],
  ])
  expect((await shop.v1('POST', '/payments', { order_id, amount: '275.00' })).status).toBe(201)
})

test('payments are filtered by status and order, and a customer sees those on their orders', async () => {
  await using shop = await openRepairShop()
  const mine = await shop.payment()
  const theirs = await shop.payment({
    order_id: (await shop.order({ customer_id: shop.other.id })).id,
    amount_cents: 27_500,
  })
  const ids = async (query: string, as = shop.admin) => {
    const reply = await shop.v1('GET', `/payments${query}`, undefined, { as })
    expect(reply.headers.get('x-total-count')).toBe(String(reply.body.length))
    return reply.body.map(({ id }: { id: number }) => id)
  }
  expect(await ids('')).toEqual([mine.id, theirs.id])
  expect(await ids('?status=Paid')).toEqual([theirs.id])
  expect(await ids(`?order_id=${mine.order_id}&status=Partial`)).toEqual([mine.id])
  expect(await ids('?order_id=99')).toEqual([])
  expect(await ids('?order_id=&status=&limit=')).toEqual([mine.id, theirs.id])
  expect(await ids('', shop.customer)).toEqual([mine.id])
  expect(await ids(`?order_id=${theirs.order_id}`, shop.customer)).toEqual([])
  expect((await shop.v1('GET', `/payments/${theirs.id}`, undefined, { as: shop.customer })).status).toBe(404)
  expect(faultsOf(await shop.v1('GET', '/payments?status=Open'))).toEqual(['query.status enum'])
})

test('receipts are numbered densely, and only where money moved', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  await shop.payment({ order_id, amount_cents: 100 })
  const note = await shop.payment({ order_id, amount_cents: 0 })
  await shop.v1('POST', '/payments', { order_id, amount: '9999' })
  await shop.payment({ order_id, amount_cents: 200 })
  await shop.v1('PATCH', `/payments/${note.id}`, { amount: '1.00' })
  await shop.v1('PATCH', `/payments/${note.id}`, { amount: '2.00' })
  await shop.v1('PATCH', `/payments/${note.id}`, { transaction_id: 'moves nothing' })
  await shop.v1('DELETE', `/payments/${note.id}`)
  const receipts = await shop.database.db.selectFrom('payment_entry').select('receipt_number').orderBy('id').execute()
  expect(receipts.map(({ receipt_number }) => receipt_number)).toEqual([1, 2, 3, 4, 5].map((n) => `S1-T1-R00000${n}`))
})

test('fifty cashiers who take one order’s money at the same time collect exactly what is owed', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order({ cost_cents: 100_000 })
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => shop.v1('POST', '/payments', { order_id, amount: '50.00' })),
  )
  const taken = replies.filter(({ status }) => status === 201)
  expect(taken.length).toBe(20)
  expect(taken.filter(({ body }) => body.status === 'Paid').length).toBe(1)
  expect(replies.filter(({ status }) => status === 400).length).toBe(30)
  const { sum } = await shop.database.db
    .selectFrom('payment_entry')
    .select(({ fn }) => fn.sum<number>('amount_cents').as('sum'))
    .executeTakeFirstOrThrow()
  expect(sum).toBe(100_000)
})

test('two corrections at the same time collect no more than is owed', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order({ cost_cents: 10_000 })
  const payments = [
    await shop.payment({ order_id, amount_cents: 0 }),
    await shop.payment({ order_id, amount_cents: 0 }),
  ]
  const replies = await Promise.all(payments.map(({ id }) => shop.v1('PATCH', `/payments/${id}`, { amount: '100.00' })))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 400])
})
