import { expect, test } from 'vitest'
import { patchUser } from '../../../server/shop/people/users.ts'
import { PASSWORD } from '../../support/shop.ts'
import { ANONYMOUS, openCounter } from '../counter-shop.ts'

test('a customer card shows devices, repairs and what is owed over all of them', async () => {
  await using shop = await openCounter()
  const first = await shop.takeIn({ estimate_cents: 1_000 })
  const customer = { id: first.customer_id }
  await shop.takeIn({ customer, device: { id: first.device_id, second_ticket: true }, estimate_cents: 500 })
  await shop.takeIn({ customer, estimate_cents: 250 })
  await shop.counter('POST', `/tickets/${first.order_id}/payments`, { amount_cents: 400, method: 'Cash' })
  await shop.counter('PATCH', '/tickets/3', { status: 'Completed' })
  const { body } = await shop.counter('GET', `/customers/${customer.id}`)
  expect(body).toMatchObject({
    full_name: 'Ingo Intake',
    open_tickets: 2,
    balance_cents: 1_350,
    has_password: false,
    created_at: shop.clock.now(),
  })
  expect(body.devices).toMatchObject([
    { title: 'Apple iPhone 13', tickets: 1 },
    { title: 'Apple iPhone 13', tickets: 2 },
  ])
  expect(body.tickets).toMatchObject([
    { id: 3, status: 'Completed', due_cents: 250 },
    { id: 2, due_cents: 500 },
    { id: 1, due_cents: 600, device_title: 'Apple iPhone 13' },
  ])
})

test('customers are found by any part of a name or phone number, people behind the counter are not', async () => {
  await using shop = await openCounter()
  await shop.takeIn({ customer: { full_name: 'Jörg Ümlaut', phone: '0171 / 555'.replace(' / ', ' ') } })
  const found = async (q: string) =>
    (await shop.counter('GET', `/customers?q=${encodeURIComponent(q)}`)).body.map(({ full_name }: any) => full_name)
  for (const q of ['jor', 'ümla', 'um', '0171555', '0171-555', '171 5', '+49 171555'.slice(4)])
    expect(await found(q), q).toEqual(['Jörg Ümlaut'])
  expect(await found('kim')).toEqual([])
  expect(await found('')).toEqual(['Jörg Ümlaut', 'Cora Customer'])
  expect((await shop.counter('GET', '/customers?q=jor')).body[0]).toMatchObject({ open_tickets: 1, balance_cents: 0 })
})

test('a contact that is taken away is gone from card and search; one that is left out stays', async () => {
  await using shop = await openCounter()
  const change = async (body: object) => (await shop.counter('PATCH', `/customers/${shop.customer.id}`, body)).body
  await change({ phone: '+1 555 777', email: 'cora@example.com' })
  expect(await change({ phone: null })).toMatchObject({ phone: null, email: 'cora@example.com' })
  await shop.database.flushSearchIndex()
  expect((await shop.counter('GET', '/customers?q=555777')).body).toEqual([])
  expect(await change({ email: null })).toMatchObject({ phone: null, email: null })
  expect((await shop.counter('PATCH', `/customers/${shop.customer.id}`, { phone: '' })).status).toBe(422)
})

test('name and contacts change; what somebody else has is refused', async () => {
  await using shop = await openCounter()
  const change = (body: object) => shop.counter('PATCH', `/customers/${shop.customer.id}`, body)
  expect((await change({ full_name: 'Cora Core', phone: '+1 555 777', email: 'cora@example.com' })).body).toMatchObject(
    {
      full_name: 'Cora Core',
      phone: '+1 555 777',
      email: 'cora@example.com',
      has_password: true,
    },
  )
  expect((await shop.counter('GET', '/customers?q=core')).body).toHaveLength(1)
  expect(await change({ phone: shop.staff.phone })).toMatchObject({
    status: 400,
    body: { detail: 'Phone already registered', code: 'phone-registered' },
  })
  expect((await change({ full_name: null })).body).toMatchObject({
    full_name: 'Cora Core',
    phone: '+1 555 777',
  })
})

test('people behind the counter are not changed as customers', async () => {
  await using shop = await openCounter()
  expect((await shop.counter('PATCH', `/customers/${shop.admin.id}`, { phone: '555 666' })).status).toBe(404)
  expect((await shop.counter('POST', `/customers/${shop.admin.id}/claim-code`)).status).toBe(404)
  expect((await shop.counter('GET', `/customers/${shop.admin.id}`)).status).toBe(404)
})

test('nobody gets an activation code for a person behind the counter, though the repair be theirs', async () => {
  await using shop = await openCounter()
  const { device_id } = await shop.takeIn()
  const order = { device_id, customer_id: shop.admin.id }
  const { body } = await shop.call('POST', '/v1/orders', { as: shop.staff, body: order })
  expect(body.customer_id).toBe(shop.admin.id)
  expect((await shop.counter('POST', `/tickets/${body.id}/claim-code`)).status).toBe(404)
})

test('an activation code is worth nothing once its customer works here', async () => {
  await using shop = await openCounter()
  const { customer_id, claim_code } = await shop.takeIn()
  await shop.write((trx) => patchUser(trx, customer_id, { is_staff: true }))
  const claim = { code: claim_code.code, password: 'my own password' }
  expect((await shop.counter('POST', '/claim', claim, ANONYMOUS)).status).toBe(400)
})

test('a customer sets a password with the code from the claim stub, once', async () => {
  await using shop = await openCounter()
  const { customer_id, claim_code } = await shop.takeIn({ customer: { full_name: 'Nora New', phone: '+49 151 1' } })
  const claim = (code: string) => shop.counter('POST', '/claim', { code, password: 'my own password' }, ANONYMOUS)
  expect((await claim(claim_code.code.toLowerCase().replaceAll('-', ' '))).body).toEqual({
    login: '+49 151 1',
    full_name: 'Nora New',
  })
  expect(
    (await shop.call('POST', '/v1/auth/login', { body: { phone: '+49 151 1', password: 'my own password' } })).status,
  ).toBe(200)
  expect((await shop.counter('GET', `/customers/${customer_id}`)).body.has_password).toBe(true)
  expect((await claim(claim_code.code)).status).toBe(400)
})

test('a new code makes the one before it worthless; a code dies after 30 days', async () => {
  await using shop = await openCounter()
  const { order_id, customer_id, claim_code } = await shop.takeIn()
  const claim = async (code: string) =>
    (await shop.counter('POST', '/claim', { code, password: 'my own password' }, ANONYMOUS)).status
  const second = (await shop.counter('POST', `/customers/${customer_id}/claim-code`)).body
  expect(await claim(claim_code.code)).toBe(400)
  const third = (await shop.counter('POST', `/tickets/${order_id}/claim-code`)).body
  expect(await claim(second.code)).toBe(400)
  shop.clock.pass(30 * 86_400_000)
  expect(third.expires_at).toBe(shop.clock.now())
  expect(await claim(third.code)).toBe(400)
})

test('who made a code, and that a password was set with it, stands in the timeline of the newest repair', async () => {
  await using shop = await openCounter()
  const { order_id: older, customer_id } = await shop.takeIn()
  const { order_id } = await shop.takeIn(shop.intake({ customer: { id: customer_id } }))
  const acts = async (id: number) =>
    (await shop.ticket(id)).timeline
      .filter(({ kind }: any) => kind === 'claim-code' || kind === 'password-set')
      .map(({ kind, who }: { kind: string; who: string | null }) => [kind, who])
  await shop.counter('POST', `/customers/${customer_id}/claim-code`)
  const { code } = (await shop.counter('POST', `/tickets/${older}/claim-code`, {}, { as: shop.admin })).body
  await shop.counter('POST', '/claim', { code, password: 'my own password' }, ANONYMOUS)
  expect(await acts(older)).toEqual([['claim-code', 'Ada Admin']])
  expect(await acts(order_id)).toEqual([
    ['claim-code', 'Kim Clerk'],
    ['password-set', null],
  ])
})

test('a customer who has a password is given a new code by an admin alone', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn(shop.intake({ customer: { id: shop.customer.id } }))
  for (const path of [`/customers/${shop.customer.id}/claim-code`, `/tickets/${order_id}/claim-code`]) {
    const refused = await shop.counter('POST', path)
    expect([refused.status, refused.body.code]).toEqual([403, 'account-has-password'])
    expect((await shop.counter('POST', path, {}, { as: shop.admin })).status).toBe(201)
  }
  expect((await shop.ticket(order_id)).timeline.filter(({ kind }: any) => kind === 'claim-code')).toHaveLength(2)
})

test('codes are not guessed: five wrong ones from an address close it', async () => {
  await using shop = await openCounter()
  const { claim_code } = await shop.takeIn()
  const claim = (code: string) => shop.counter('POST', '/claim', { code, password: 'my own password' }, ANONYMOUS)
  for (let n = 0; n < 5; n++) expect((await claim(`AAAA-BBBB-CCC${n + 2}`)).status).toBe(400)
  expect((await claim(claim_code.code)).status).toBe(429)
})

test('claiming ends the sessions that the old password opened', async () => {
  await using shop = await openCounter()
  const { body } = await shop.counter('POST', `/customers/${shop.customer.id}/claim-code`, {}, { as: shop.admin })
  await shop.counter('POST', '/claim', { code: body.code, password: 'my own password' }, ANONYMOUS)
  expect((await shop.call('GET', '/v1/orders', { as: shop.customer })).status).toBe(401)
  expect(
    (await shop.call('POST', '/v1/auth/login', { body: { phone: shop.customer.phone, password: PASSWORD } })).status,
  ).toBe(401)
})

test('an activation code is kept as a hash only', async () => {
  await using shop = await openCounter()
  const { body } = await shop.counter(
    'POST',
    `/customers/${shop.customer.id}/claim-code`,
    {},
    { as: shop.admin, headers: { 'idempotency-key': 'code-1' } },
  )
  const { db } = shop.database
  const kept = [
    await db.selectFrom('claim_code').selectAll().execute(),
    await db.selectFrom('idempotency_key').selectAll().execute(),
  ]
  expect(kept[0]).toHaveLength(1)
  expect(JSON.stringify(kept)).not.toContain(body.code)
})
