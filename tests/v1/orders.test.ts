import { expect, test } from 'vitest'
import { faultsOf, openRepairShop } from './repair-shop.ts'

const MINUTE = 60_000

test('an order is opened and found as documented', async () => {
  await using shop = await openRepairShop()
  const device = await shop.device()
  const reply = await shop.v1('POST', '/orders', {
    device_id: device.id,
    customer_id: shop.other.id,
    problem_id: shop.problem_id,
    cost: '250.00',
    discount: '25.50',
    note: 'Screen replacement needed',
    status: 'Repairing',
    estimated_completion_date: '2026-01-20T12:00:00+02:00',
  })
  expect(reply.status).toBe(201)
  expect(reply.body).toEqual({
    id: 1,
    device_id: device.id,
    customer_id: shop.other.id,
    problem_id: shop.problem_id,
    cost: '250.00',
    discount: '25.50',
    total_cost: '224.50',
    note: 'Screen replacement needed',
    status: 'Repairing',
    estimated_completion_date: '2026-01-20T10:00:00Z',
    completed_at: null,
    created_at: '2026-01-15T09:00:00Z',
    updated_at: '2026-01-15T09:00:00Z',
  })
  expect((await shop.v1('GET', '/orders/1')).body).toEqual(reply.body)
  expect((await shop.v1('GET', '/orders')).body).toEqual([reply.body])
})

test('only the device is required: the customer is its owner, amounts are 0.00, the status Pending', async () => {
  await using shop = await openRepairShop()
  const device = await shop.device()
  const nulls = {
    customer_id: null,
    problem_id: null,
    cost: null,
    discount: null,
    note: null,
    status: null,
    estimated_completion_date: null,
  }
  for (const rest of [{}, nulls]) {
    const { status, body } = await shop.v1('POST', '/orders', { device_id: device.id, ...rest })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      customer_id: shop.customer.id,
      problem_id: null,
      cost: '0.00',
      discount: '0.00',
      total_cost: '0.00',
      note: null,
      status: 'Pending',
    })
  }
  expect(faultsOf(await shop.v1('POST', '/orders', {}))).toEqual(['body.device_id missing'])
})

test('a device without an owner needs a customer', async () => {
  await using shop = await openRepairShop()
  const { id: device_id } = await shop.device({ owner_id: null })
  expect((await shop.v1('POST', '/orders', { device_id })).status).toBe(400)
  expect((await shop.v1('POST', '/orders', { device_id, customer_id: shop.other.id })).status).toBe(201)
})

test('a device whose owner was removed is taken in for somebody else alone', async () => {
  await using shop = await openRepairShop()
  const { id: device_id } = await shop.device({ owner_id: shop.other.id })
  await shop.v1('DELETE', `/users/${shop.other.id}`, undefined, { as: shop.admin })
  const reply = await shop.v1('POST', '/orders', { device_id })
  expect([reply.status, reply.body]).toEqual([404, { detail: 'Customer not found', code: 'customer-not-found' }])
  expect((await shop.v1('POST', '/orders', { device_id, customer_id: shop.customer.id })).status).toBe(201)
})

test('a missing reference is named', async () => {
  await using shop = await openRepairShop()
  const device = await shop.device()
  for (const [fields, detail] of [
    [{ device_id: 99 }, 'Device not found'],
    [{ customer_id: 99 }, 'Customer not found'],
    [{ problem_id: 99 }, 'Problem not found'],
  ] as const) {
    const reply = await shop.v1('POST', '/orders', { device_id: device.id, ...fields })
    expect([reply.status, reply.body]).toMatchObject([404, { detail }])
  }
  const order = await shop.order()
  expect((await shop.v1('PATCH', `/orders/${order.id}`, { problem_id: 99 })).body).toEqual({
    detail: 'Problem not found',
    code: 'problem-not-found',
  })
})

test('a new order is refused with every fault at once', async () => {
  await using shop = await openRepairShop()
  for (const [fields, faults] of [
    [{ cost: 'much' }, 'body.cost decimal_parsing'],
    [{ cost: '1.005' }, 'body.cost decimal_max_places'],
    [{ cost: '-1' }, 'body.cost greater_than_equal'],
    [{ cost: -1 }, 'body.cost greater_than_equal'],
    [{ cost: '100000000' }, 'body.cost less_than_equal'],
    [{ cost: true }, 'body.cost decimal_type'],
    [{ cost: '1.00', discount: '1.01' }, 'body.discount value_error'],
    [{ discount: '0.01' }, 'body.discount value_error'],
    [{ status: 'pending' }, 'body.status enum'],
    [{ note: 7 }, 'body.note string_type'],
    [{ estimated_completion_date: 'tomorrow' }, 'body.estimated_completion_date datetime_parsing'],
    [{ estimated_completion_date: '9999-12-31T23:59:59-12:00' }, 'body.estimated_completion_date datetime_parsing'],
    [{ estimated_completion_date: '0001-01-01T00:00:00+14:00' }, 'body.estimated_completion_date datetime_parsing'],
    [
      { device_id: 'x', cost: 'x', status: 'x', discount: '-2' },
      'body.cost decimal_parsing,body.device_id int_parsing,body.discount greater_than_equal,body.status enum',
    ],
    [{ note: 7, cost: 1, discount: 2 }, 'body.discount value_error,body.note string_type'],
  ] as const) {
    const reply = await shop.v1('POST', '/orders', { device_id: 1, ...fields })
    expect(reply.status, faults).toBe(422)
    expect(faultsOf(reply).join()).toBe(faults)
  }
})

test('amounts are understood as strings and numbers, and shown with two decimals', async () => {
  await using shop = await openRepairShop()
  for (const [cost, shown] of [
    ['19.99', '19.99'],
    [19.99, '19.99'],
    [0.1, '0.10'],
    ['1e3', '1000.00'],
    ['7.500', '7.50'],
    [99999999.99, '99999999.99'],
  ]) {
    const { id } = await shop.order()
    expect((await shop.v1('PATCH', `/orders/${id}`, { cost })).body.cost).toBe(shown)
  }
})

test('an order changes as documented, and what is left out stays', async () => {
  await using shop = await openRepairShop()
  const order = await shop.order({ cost_cents: 25_000, note: 'Screen' })
  const before = (await shop.v1('GET', `/orders/${order.id}`)).body
  shop.clock.pass(30 * MINUTE)
  const changes = { cost: '300.00', discount: '25.00', status: 'Repairing', note: 'Screen and battery' }
  const reply = await shop.v1('PATCH', `/orders/${order.id}`, changes, { as: shop.staff })
  expect(reply.status).toBe(200)
  expect(reply.body).toEqual({ ...before, ...changes, total_cost: '275.00', updated_at: '2026-01-15T09:30:00Z' })
  expect((await shop.v1('GET', `/orders/${order.id}`)).body).toEqual(reply.body)
  shop.clock.pass(MINUTE)
  expect((await shop.v1('PATCH', `/orders/${order.id}`, {})).body).toEqual(reply.body)
  expect((await shop.v1('PATCH', `/orders/${order.id}`, { ...changes, note: null })).body).toEqual(reply.body)
  const more = { problem_id: shop.problem_id, estimated_completion_date: '2026-02-01T00:00:00Z' }
  expect((await shop.v1('PATCH', `/orders/${order.id}`, more)).body).toMatchObject(more)
})

test('a discount above the order’s own cost is a fault of the discount', async () => {
  await using shop = await openRepairShop()
  const { id } = await shop.order({ cost_cents: 10_000, discount_cents: 5_000 })
  for (const changes of [{ discount: '100.01' }, { cost: '49.99' }, { cost: '10', discount: '11' }]) {
    const reply = await shop.v1('PATCH', `/orders/${id}`, changes)
    expect(faultsOf(reply)).toEqual(['body.discount value_error'])
  }
  expect((await shop.v1('PATCH', `/orders/${id}`, { cost: '50' })).body.total_cost).toBe('0.00')
})

test('completed_at follows the status, which may go any way', async () => {
  await using shop = await openRepairShop()
  const { id } = await shop.order({ status: 'Completed' })
  const set = async (status: string) => (await shop.v1('PATCH', `/orders/${id}`, { status })).body.completed_at
  expect((await shop.v1('GET', `/orders/${id}`)).body.completed_at).toBe('2026-01-15T09:00:00Z')
  shop.clock.pass(MINUTE)
  expect(await set('Completed')).toBe('2026-01-15T09:00:00Z')
  expect(await set('Repairing')).toBe(null)
  expect(await set('Completed')).toBe('2026-01-15T09:01:00Z')
  expect(await set('Cancelled')).toBe(null)
  expect(await set('Pending')).toBe(null)
})

test('every status change is kept with who and when', async () => {
  await using shop = await openRepairShop()
  const { id } = await shop.order()
  for (const [status, as] of [
    ['Repairing', shop.staff],
    ['Completed', shop.admin],
  ] as const) {
    shop.clock.pass(MINUTE)
    await shop.v1('PATCH', `/orders/${id}`, { status }, { as })
  }
  const events = await shop.database.db
    .selectFrom('order_event')
    .select(['kind', 'actor_id', 'from_value', 'to_value', 'created_at'])
    .where('order_id', '=', id)
    .orderBy('id')
    .execute()
  const start = Date.UTC(2026, 0, 15, 9)
  expect(events).toEqual([
    {
      kind: 'status',
      actor_id: shop.staff.id,
      from_value: 'Pending',
      to_value: 'Repairing',
      created_at: start + MINUTE,
    },
    {
      kind: 'status',
      actor_id: shop.admin.id,
      from_value: 'Repairing',
      to_value: 'Completed',
      created_at: start + 2 * MINUTE,
    },
  ])
})

test('price, promise and note changes are kept too', async () => {
  await using shop = await openRepairShop()
  const { id } = await shop.order({ cost_cents: 10_000 })
  await shop.v1('PATCH', `/orders/${id}`, {
    cost: '120',
    discount: '10',
    note: 'Glue',
    estimated_completion_date: '2026-01-16T00:00:00Z',
  })
  const events = await shop.database.db
    .selectFrom('order_event')
    .select(['kind', 'text', 'from_value', 'to_value'])
    .where('order_id', '=', id)
    .orderBy('id')
    .execute()
  expect(events).toEqual([
    { kind: 'price', text: null, from_value: '10000', to_value: '11000' },
    { kind: 'promise', text: null, from_value: null, to_value: String(Date.UTC(2026, 0, 16)) },
    { kind: 'note', text: 'Glue', from_value: null, to_value: null },
  ])
})

test('an order cannot be made cheaper than what was paid', async () => {
  await using shop = await openRepairShop()
  const { id } = await shop.order({ cost_cents: 10_000 })
  await shop.payment({ order_id: id, amount_cents: 6_000 })
  for (const changes of [{ cost: '59.99' }, { discount: '40.01' }])
    expect((await shop.v1('PATCH', `/orders/${id}`, changes)).status).toBe(400)
  expect((await shop.v1('PATCH', `/orders/${id}`, { discount: '40.00' })).body.total_cost).toBe('60.00')
})

test('orders are filtered by status, customer and device, together', async () => {
  await using shop = await openRepairShop()
  const device = await shop.device()
  const a = await shop.order({ device_id: device.id })
  const b = await shop.order({ device_id: device.id, status: 'Completed' })
  const c = await shop.order({ customer_id: shop.other.id })
  const ids = async (query: string) => {
    const reply = await shop.v1('GET', `/orders${query}`)
    expect(reply.headers.get('x-total-count')).toBe(String(reply.body.length))
    return reply.body.map(({ id }: { id: number }) => id)
  }
  expect(await ids('')).toEqual([a.id, b.id, c.id])
  expect(await ids('?status=Pending')).toEqual([a.id, c.id])
  expect(await ids(`?customer_id=${shop.other.id}`)).toEqual([c.id])
  expect(await ids(`?device_id=${device.id}&status=Completed`)).toEqual([b.id])
  expect(await ids('?device_id=999')).toEqual([])
  expect(faultsOf(await shop.v1('GET', '/orders?status=Done&customer_id=x'))).toEqual([
    'query.customer_id int_parsing',
    'query.status enum',
  ])
})

test('a customer sees their own orders alone', async () => {
  await using shop = await openRepairShop()
  const mine = await shop.order()
  const theirs = await shop.order({ customer_id: shop.other.id })
  const as = { as: shop.customer }
  expect((await shop.v1('GET', '/orders', undefined, as)).body.map(({ id }: { id: number }) => id)).toEqual([mine.id])
  expect((await shop.v1('GET', `/orders?customer_id=${shop.other.id}`, undefined, as)).body).toEqual([])
  const other = await shop.v1('GET', `/orders/${theirs.id}`, undefined, as)
  expect([other.status, other.body]).toEqual([404, { detail: 'Order not found', code: 'order-not-found' }])
})

test('a removed order is gone with its payments and assignments, and stays in the journal', async () => {
  await using shop = await openRepairShop()
  const { id } = await shop.order()
  const payment = await shop.payment({ order_id: id })
  const { body: assignment } = await shop.v1('POST', '/assigns', { order_id: id, user_id: shop.staff.id })
  const gone = await shop.v1('DELETE', `/orders/${id}`)
  expect([gone.status, gone.text]).toEqual([204, ''])
  for (const path of [`/orders/${id}`, `/payments/${payment.id}`, `/assigns/${assignment.id}`, `/orders/assign/${id}`])
    expect([path, (await shop.v1('GET', path)).status]).toEqual([path, 404])
  for (const path of ['/orders', '/payments', '/assigns', `/payments?order_id=${id}`])
    expect([(await shop.v1('GET', path)).text, (await shop.v1('GET', path)).headers.get('x-total-count')]).toEqual([
      '[]',
      '0',
    ])
  for (const [method, path, body] of [
    ['PATCH', `/orders/${id}`, { note: 'x' }],
    ['DELETE', `/orders/${id}`, undefined],
    ['POST', '/payments', { order_id: id }],
    ['POST', '/assigns', { order_id: id, user_id: shop.admin.id }],
  ] as const)
    expect((await shop.v1(method, path, body)).body).toEqual({ detail: 'Order not found', code: 'order-not-found' })
  expect(
    await shop.database.db.selectFrom('repair_order').select('deleted_at').where('id', '=', id).executeTakeFirst(),
  ).toEqual({ deleted_at: shop.clock.now() })
})

test('ticket numbers are dense, also where an order was refused between', async () => {
  await using shop = await openRepairShop()
  const { id: device_id } = await shop.device()
  await shop.v1('POST', '/orders', { device_id })
  await shop.v1('POST', '/orders', { device_id, problem_id: 99 })
  await Promise.all(Array.from({ length: 5 }, () => shop.v1('POST', '/orders', { device_id })))
  const numbers = await shop.database.db.selectFrom('repair_order').select('ticket_number').orderBy('id').execute()
  expect(numbers.map(({ ticket_number }) => ticket_number)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `S1-T1-00000${n}`))
})
