import { expect, test } from 'vitest'
import { forgetExpired } from '../../../server/cleanup.ts'
import { faultsOf, openCounter } from '../counter-shop.ts'

const NEW = { full_name: 'Anna Müller', phone: '+49 170 1234567' }

test('a new customer with a new device is taken in at once', async () => {
  await using shop = await openCounter()
  const promised_at = shop.clock.now() + 86_400_000
  const reply = await shop.counter('POST', '/intakes', {
    customer: { ...NEW, email: 'anna@example.com' },
    device: {
      device_type_id: shop.kind.device_type_id,
      brand_name: 'Fairphone',
      model_name: 'Fairphone 5',
      serial_number: '35-209900-176148-1',
    },
    problem_ids: [shop.problem_id],
    note: ' Fell on the floor ',
    accessories: ['Case', 'SIM'],
    condition: { screen: 'broken', body: 'worn' },
    passcode: '123456',
    estimate_cents: 12_900,
    promised_at,
    terms_accepted: true,
    signature: 'M10 20 L30 40.5 M5 5 L6 6',
  })
  expect(reply.status).toBe(201)
  expect(reply.body).toMatchObject({
    ticket_number: 'S1-T1-000001',
    claim_code: { expires_at: shop.clock.now() + 30 * 86_400_000 },
  })
  expect(reply.body.claim_code.code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/)
  expect(await shop.ticket(reply.body.order_id)).toMatchObject({
    ticket_number: 'S1-T1-000001',
    status: 'Pending',
    device_title: 'Fairphone 5',
    serial_number: '35-209900-176148-1',
    customer: { ...NEW, email: 'anna@example.com', has_password: false, balance_cents: 12_900 },
    note: 'Fell on the floor',
    cost_cents: 12_900,
    due_cents: 12_900,
    promised_at,
    taken_in_by: 'Kim Clerk',
    intake: {
      problems: [{ id: shop.problem_id, name: 'Screen' }],
      accessories: ['Case', 'SIM'],
      condition: { screen: 'broken', body: 'worn' },
      has_passcode: true,
      terms_accepted: true,
      signature: 'M10 20 L30 40.5 M5 5 L6 6',
    },
    timeline: [{ kind: 'opened', who: 'Kim Clerk' }],
  })
})

test('a customer and a device that the shop knows need nothing else, and no activation code', async () => {
  await using shop = await openCounter()
  const first = await shop.takeIn()
  await shop.counter('PATCH', `/tickets/${first.order_id}`, { status: 'Completed' })
  const again = await shop.takeIn({ customer: { id: first.customer_id }, device: { id: first.device_id } })
  expect(again).toMatchObject({
    customer_id: first.customer_id,
    device_id: first.device_id,
    ticket_number: 'S1-T1-000002',
    claim_code: null,
  })
  expect((await shop.ticket(again.order_id)).device.past_tickets).toMatchObject([{ ticket_number: 'S1-T1-000001' }])
})

test.each(['Pending', 'Repairing'])(
  'a device whose repair is %s is here already, unless it is said to get a second ticket',
  async (status) => {
    await using shop = await openCounter()
    const first = await shop.takeIn()
    await shop.counter('PATCH', `/tickets/${first.order_id}`, { status })
    const bring = (said: object = {}) =>
      shop.counter('POST', '/intakes', {
        customer: { id: first.customer_id },
        device: { id: first.device_id, ...said },
      })
    expect(await bring()).toMatchObject({
      status: 409,
      body: { code: 'device-already-here', params: { number: 'S1-T1-000001' } },
    })
    expect(await bring({ second_ticket: true })).toMatchObject({ status: 201, body: { ticket_number: 'S1-T1-000002' } })
  },
)

test('of two windows that take the same device in at once, one is told that it is here', async () => {
  await using shop = await openCounter()
  const { customer_id, device_id, order_id } = await shop.takeIn()
  await shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Completed' })
  const body = { customer: { id: customer_id }, device: { id: device_id } }
  const replies = await Promise.all([1, 2, 3].map(() => shop.counter('POST', '/intakes', body)))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409])
})

test('brand and model by name are found before they are made', async () => {
  await using shop = await openCounter()
  const device = { device_type_id: shop.kind.device_type_id, brand_name: ' apple ', model_name: 'IPHONE 13' }
  const { order_id } = await shop.takeIn({ device })
  expect((await shop.ticket(order_id)).device).toMatchObject({ brand: 'Apple', model: 'iPhone 13', type: 'Phone' })
  const { brands } = (await shop.counter('GET', '/catalogue')).body
  expect(brands.filter(({ name }: { name: string }) => /apple/i.test(name))).toEqual([
    { id: shop.kind.brand_id, name: 'Apple' },
  ])
})

test('somebody without phone or e-mail is taken in too, but gets no code', async () => {
  await using shop = await openCounter()
  expect((await shop.takeIn({ customer: { full_name: 'Walk In' } })).claim_code).toBeNull()
})

test('a phone number that somebody has names them, however it is written', async () => {
  await using shop = await openCounter()
  await shop.takeIn({ customer: NEW })
  const reply = await shop.counter(
    'POST',
    '/intakes',
    shop.intake({ customer: { full_name: 'Other', phone: '0049 (0)170 1234567' } }),
  )
  expect(reply).toMatchObject({
    status: 400,
    body: { detail: 'Phone already registered: it is the number of Anna Müller' },
  })
})

test('a serial number that is known names its owner, however it is written', async () => {
  await using shop = await openCounter()
  await shop.takeIn({ customer: NEW, device: { model_id: shop.kind.model_id, serial_number: 'AB 12-34' } })
  const reply = await shop.counter(
    'POST',
    '/intakes',
    shop.intake({ device: { model_id: shop.kind.model_id, serial_number: 'ab1234' } }),
  )
  expect(reply).toMatchObject({
    status: 400,
    body: { detail: 'Serial number already exists: the device belongs to Anna Müller' },
  })
})

test('the device of another customer is refused, one of nobody becomes theirs', async () => {
  await using shop = await openCounter()
  const { device_id, order_id } = await shop.takeIn({ customer: NEW })
  await shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Cancelled' })
  const other = { id: shop.customer.id }
  const refused = await shop.counter('POST', '/intakes', shop.intake({ customer: other, device: { id: device_id } }))
  expect(refused).toMatchObject({ status: 400, body: { detail: 'This device belongs to Anna Müller' } })
  const { body: free } = await shop.call('POST', '/v1/devices', { as: shop.staff, body: { ...shop.kind } })
  await shop.takeIn({ customer: other, device: { id: free.id } })
  expect((await shop.counter('GET', `/devices/${free.id}`)).body.owner_name).toBe('Cora Customer')
})

test('whatever is refused leaves nothing behind', async () => {
  await using shop = await openCounter()
  const good = {
    customer: NEW,
    device: { device_type_id: shop.kind.device_type_id, brand_name: 'New Brand', model_name: 'New Model' },
  }
  const bad: [number, object][] = [
    [404, { ...good, problem_ids: [shop.problem_id, 999] }],
    [404, { ...good, customer: { id: 999 } }],
    [404, { ...good, customer: { id: shop.staff.id } }],
    [404, { ...good, device: { id: 999 } }],
    [404, { ...good, device: { ...good.device, device_type_id: 999 } }],
    [404, { ...good, device: { model_id: 999 } }],
    [422, { ...good, signature: 'M0 0 L1 1"/><script>alert(1)</script>' }],
    [422, { ...good, signature: 'L1 1' }],
    [422, { ...good, customer: {} }],
    [422, { ...good, device: {} }],
    [422, { ...good, condition: { screen: 'shiny' } }],
    [422, { ...good, condition: Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`part ${n}`, 'ok'])) }],
    ...['', ' ', 'a\0b', 'a\uD800b', 'x'.repeat(41), '4111 1111 1111 1111'].map((part): [number, object] => [
      422,
      { ...good, condition: { [part]: 'ok' } },
    ]),
    [422, { ...good, estimate_cents: -1 }],
    [422, { ...good, note: 'card 4111 1111 1111 1111' }],
    [400, { ...good, customer: { full_name: 'X', phone: shop.customer.phone } }],
  ]
  for (const [status, body] of bad)
    expect((await shop.counter('POST', '/intakes', body)).status, JSON.stringify(body)).toBe(status)
  expect((await shop.counter('GET', '/customers?q=anna')).body).toEqual([])
  expect((await shop.counter('GET', '/catalogue')).body.brands).not.toContainEqual(
    expect.objectContaining({ name: 'New Brand' }),
  )
  expect((await shop.counter('GET', '/repairs')).body.rows).toEqual([])
  expect((await shop.takeIn(good)).ticket_number).toBe('S1-T1-000001')
})

test('a part that the condition may not have is refused in the words of any text', async () => {
  await using shop = await openCounter()
  const refused = async (part: string) =>
    faultsOf(await shop.counter('POST', '/intakes', shop.intake({ condition: { [part]: 'ok' } })))
  expect(await refused('')).toEqual(['body.condition. string_too_short'])
  expect(await refused('4111 1111 1111 1111')).toEqual(['body.condition.4111 1111 1111 1111 value_error'])
})

test('what is missing is named by its field', async () => {
  await using shop = await openCounter()
  expect(faultsOf(await shop.counter('POST', '/intakes', {}))).toEqual(['body.customer missing', 'body.device missing'])
  expect(faultsOf(await shop.counter('POST', '/intakes', shop.intake({ customer: { phone: '555 1' } })))).toEqual([
    'body.customer.full_name missing',
  ])
  expect(faultsOf(await shop.counter('POST', '/intakes', shop.intake({ device: {} })))).toEqual([
    'body.device.device_type_id missing',
  ])
})

test('the same intake sent again under its key is one ticket', async () => {
  await using shop = await openCounter()
  const send = () =>
    shop.counter(
      'POST',
      '/intakes',
      { ...shop.intake(), customer: NEW },
      { headers: { 'idempotency-key': 'intake-1' } },
    )
  const [first, second] = await Promise.all([send(), send()])
  expect(first.status).toBe(201)
  expect(second.text).toBe(first.text)
  expect((await shop.counter('GET', '/repairs')).body.total).toBe('1')
})

test('the passcode is shown on request only, with who asked', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ passcode: '2580' })
  expect(JSON.stringify(await shop.ticket(order_id))).not.toContain('2580')
  const { body } = await shop.counter('POST', `/tickets/${order_id}/passcode`)
  expect(body).toEqual({ passcode: '2580' })
  expect((await shop.ticket(order_id)).timeline.at(-1)).toMatchObject({ kind: 'passcode-shown', who: 'Kim Clerk' })
})

test.each(['Completed', 'Cancelled'])(
  'the passcode is gone an hour after a repair is %s, for until then that can be taken back',
  async (status) => {
    await using shop = await openCounter()
    const { order_id } = await shop.takeIn({ passcode: '2580' })
    const isKept = async () => (await shop.ticket(order_id)).intake.has_passcode
    const change = (changes: object) => shop.counter('PATCH', `/tickets/${order_id}`, changes)
    await change({ status })
    shop.clock.pass(30 * 60_000)
    await forgetExpired(shop.database, shop.clock.now())
    expect(await isKept()).toBe(true)
    await change({ status: 'Repairing' })
    shop.clock.pass(2 * 3_600_000)
    await forgetExpired(shop.database, shop.clock.now())
    expect(await isKept()).toBe(true)
    await change({ status })
    shop.clock.pass(3_600_000)
    await forgetExpired(shop.database, shop.clock.now())
    expect(await isKept()).toBe(false)
    expect((await shop.counter('POST', `/tickets/${order_id}/passcode`)).status).toBe(404)
  },
)

test('a device that has left shows no passcode, and one that is brought back within minutes does again', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ passcode: '2580' })
  const change = (changes: object) => shop.counter('PATCH', `/tickets/${order_id}`, changes)
  const show = () => shop.counter('POST', `/tickets/${order_id}/passcode`)
  await change({ status: 'Completed', picked_up: true })
  expect((await shop.ticket(order_id)).intake.has_passcode).toBe(false)
  expect((await show()).status).toBe(404)
  shop.clock.pass(9 * 60_000)
  await forgetExpired(shop.database, shop.clock.now())
  await change({ picked_up: false })
  expect((await show()).body).toEqual({ passcode: '2580' })
})

test('the passcode of a device that left ten minutes ago is erased', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ passcode: '2580' })
  await shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Completed', picked_up: true })
  shop.clock.pass(10 * 60_000)
  await forgetExpired(shop.database, shop.clock.now())
  expect(await shop.database.db.selectFrom('passcode').selectAll().execute()).toEqual([])
  await shop.counter('PATCH', `/tickets/${order_id}`, { picked_up: false })
  expect((await shop.ticket(order_id)).intake.has_passcode).toBe(false)
})

test('a passcode is nowhere in the database as it is', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ passcode: 'hunter2hunter2' })
  await shop.counter('POST', `/tickets/${order_id}/passcode`, {}, { headers: { 'idempotency-key': 'show' } })
  const { db } = shop.database
  const kept = [
    await db.selectFrom('passcode').selectAll().execute(),
    await db.selectFrom('journal').selectAll().execute(),
    await db.selectFrom('idempotency_key').selectAll().execute(),
  ]
  expect(kept[0]).toHaveLength(1)
  expect(JSON.stringify(kept)).not.toContain('hunter2')
})

test('a device that has changed hands is taken in for whoever brings it, and the ticket says whose it was', async () => {
  await using shop = await openCounter()
  const { device_id, order_id } = await shop.takeIn({ customer: { full_name: 'Old Owner' } })
  await shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Completed' })
  const bring = (device: object) =>
    shop.counter('POST', '/intakes', shop.intake({ customer: { full_name: 'New Owner' }, device }))
  expect((await bring({ id: device_id })).body).toEqual({
    detail: 'This device belongs to Old Owner',
    code: 'device-of-somebody',
    params: { name: 'Old Owner' },
  })
  const { status, body } = await bring({ id: device_id, take_over: true })
  expect(status).toBe(201)
  const ticket = await shop.ticket(body.order_id)
  expect(ticket.customer.full_name).toBe('New Owner')
  expect(ticket.timeline.map(({ kind, text }: any) => [kind, text])).toEqual([
    ['opened', null],
    ['new-owner', 'Old Owner'],
  ])
  expect((await shop.counter('GET', `/devices/${device_id}`)).body.owner_name).toBe('New Owner')
})
