import { expect, test } from 'vitest'
import { insertMany } from '../../db/rows.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { formOf, jpeg } from './pictures.ts'

const PHONE = { brand_name: 'apple', model_text: 'iPhone 14 Pro', condition: 'A' }

const estimate = (shop: Shop, body: object) => shop.call('POST', '/api/tradein/estimate', { body })

async function offered(shop: Shop, fields: Record<string, string> = PHONE) {
  const as = await shop.person('customer')
  const reply = await shop.call('POST', '/api/tradein/pickup-requests', { as, body: formOf(fields) })
  return { as, id: reply.body.id as number, reply }
}

test('the example of the documents comes out', async () => {
  await using shop = await openShop()
  const reply = await estimate(shop, {
    brand: 'Apple',
    model: 'iPhone 14 Pro',
    storage: '256GB',
    condition: 'A',
    notes: 'Minor scratches',
  })
  expect([reply.status, reply.body]).toEqual([
    200,
    { success: true, data: { estimated_price: 960, service_fee: 50, net_amount: 910 } },
  ])
})

test('an incomplete estimate is refused in the form of the store', async () => {
  await using shop = await openShop()
  const whole = { brand: 'Apple', model: 'iPhone', condition: 'A' }
  const blanks = [
    { brand: '' },
    { brand: 5 },
    { model: null },
    { condition: undefined },
    { condition: '' },
    { condition: null },
  ]
  for (const body of [{}, [], ...blanks.map((blank) => ({ ...whole, ...blank }))]) {
    const error = 'Brand, model, and condition are required'
    const reply = await estimate(shop, body)
    expect([reply.status, reply.body]).toMatchObject([400, { success: false, error, detail: error }])
  }
})

test.each([
  [{ condition: 'F' }, 'Condition must be one of A, B, C, D, E'],
  [{ model: 'x'.repeat(201) }, 'model: String should have at most 200 characters'],
  [{ storage: 256 }, 'storage: Input should be a valid string'],
])('an estimate with %j is refused in the form of the store, with the reason', async (wrong, error) => {
  await using shop = await openShop()
  const reply = await estimate(shop, { brand: 'Apple', model: 'iPhone', condition: 'A', ...wrong })
  expect([reply.status, reply.body]).toMatchObject([400, { success: false, error, detail: error }])
})

test('everybody sees the brands', async () => {
  await using shop = await openShop()
  const { body } = await shop.call('GET', '/api/tradein/brands')
  expect(body.map(({ name }: { name: string }) => name)).toEqual([
    'Apple',
    'Samsung',
    'Google',
    'Microsoft',
    'Dell',
    'HP',
    'Lenovo',
    'Sony',
  ])
  expect(body[0]).toEqual({ id: 1, name: 'Apple' })
})

test('a device is offered with everything said of it', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const fields = {
    brand_id: '1',
    model_text: 'iPhone 14 Pro',
    storage: '256GB',
    condition: 'A',
    additional_info: 'Minor scratches on screen',
    address_json: '{"street": "123 Main St", "city": "Shanghai"}',
    scheduled_at: '2026-01-20T10:00:00+02:00',
    estimated_price: '750.0',
    status: 'accepted',
    user_id: '1',
    final_offer: '9999',
  }
  const reply = await shop.call('POST', '/api/tradein/pickup-requests', {
    as,
    body: formOf(fields, [
      ['front.jpg', await jpeg()],
      ['back.jpg', await jpeg(32, 32)],
    ]),
  })
  expect([reply.status, reply.body]).toEqual([
    201,
    {
      id: 1,
      user_id: as.id,
      brand_id: 1,
      brand_name: 'Apple',
      model_text: 'iPhone 14 Pro',
      storage: '256GB',
      condition: 'A',
      additional_info: 'Minor scratches on screen',
      photos: [expect.any(String), expect.any(String)],
      address_json: { street: '123 Main St', city: 'Shanghai' },
      scheduled_at: '2026-01-20T08:00:00Z',
      deposit_amount: null,
      status: 'requested',
      created_at: '2026-01-15T09:00:00Z',
      estimated_price: 750,
    },
  ])
  expect(reply.body.photos[0]).toMatch(/^\/uploads\/tradein_photos\/pickup_1_0\.jpg\?/)
  expect(reply.body.photos[1]).toMatch(/^\/uploads\/tradein_photos\/pickup_1_1\.jpg\?/)
  const mine = await shop.call('GET', '/api/tradein/pickup-requests/me', { as })
  expect([mine.headers.get('x-total-count'), mine.body]).toEqual(['1', [{ ...reply.body, evaluation: null }]])
})

test('an address of thousands of levels is kept as words, and every list can still be read', async () => {
  await using shop = await openShop()
  const deep = `{"a":${'['.repeat(4_900)}${']'.repeat(4_900)}}`
  const { as, reply } = await offered(shop, { ...PHONE, address_json: deep })
  expect([reply.status, reply.body.address_json]).toEqual([201, { address: deep }])
  const mine = await shop.call('GET', '/api/tradein/pickup-requests/me', { as })
  const all = await shop.call('GET', '/api/admin/tradeins', { as: await shop.person('admin') })
  expect([mine.status, all.status]).toEqual([200, 200])
})

test('of however many requests of one person a thousand are listed at once', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const wanted = { user_id: as.id, brand_id: 1, model_text: 'x', condition: 'A', status: 'requested' } as const
  const by = { actor: as.id, device: null, act: 'test' }
  await shop.context.database.write(by, (trx) =>
    insertMany(
      trx,
      'pickup_request',
      Array.from({ length: 1_001 }, () => wanted),
    ),
  )
  const { body, headers } = await shop.call('GET', '/api/tradein/pickup-requests/me', { as })
  expect([body.length, headers.get('x-total-count')]).toEqual([1_000, '1000+'])
})

test('of fifty open requests one must be answered before the next', async () => {
  await using shop = await openShop()
  const { as, id } = await offered(shop)
  const wanted = { user_id: as.id, brand_id: 1, model_text: 'x', condition: 'A', status: 'requested' } as const
  const by = { actor: as.id, device: null, act: 'test' }
  const states = ['requested', 'collected', 'evaluating', 'offered', 'accepted', 'rejected'] as const
  await shop.context.database.write(by, async (trx) => {
    const many = Array.from({ length: 45 }, () => wanted)
    await insertMany(trx, 'pickup_request', many)
    for (const status of states) await insertMany(trx, 'pickup_request', [{ ...wanted, status }])
  })
  const next = (who = as) => shop.call('POST', '/api/tradein/pickup-requests', { as: who, body: formOf(PHONE) })
  const refused = await next()
  const detail = 'You have 50 open pickup requests: wait until one is answered'
  expect([refused.status, refused.body.detail]).toEqual([400, detail])
  expect((await next(await shop.person('customer'))).status).toBe(201)
  const admin = await shop.person('admin')
  await shop.call('DELETE', `/api/admin/tradeins/${id}`, { as: admin })
  const replies = await Promise.all([next(), next(), next()])
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400])
})

test('only brand, model and condition are needed, and an address may be words', async () => {
  await using shop = await openShop()
  const { reply } = await offered(shop, { ...PHONE, address_json: '12 Main St', storage: '', scheduled_at: '' })
  expect(reply.body).toMatchObject({
    brand_id: 1,
    address_json: { address: '12 Main St' },
    storage: null,
    scheduled_at: null,
    photos: [],
  })
  const { brand_id: _, model_text: model, condition } = { brand_id: 0, ...PHONE }
  const { data } = (await shop.call('POST', '/api/tradein/estimate', { body: { brand: 'Apple', model, condition } }))
    .body
  for (const estimated_price of [undefined, '']) {
    const { reply: own } = await offered(shop, estimated_price === undefined ? PHONE : { ...PHONE, estimated_price })
    expect(own.body).toMatchObject({ estimated_price: data.estimated_price, address_json: {} })
  }
  const list = await offered(shop, { ...PHONE, address_json: '["a"]' })
  expect(list.reply.body.address_json).toEqual({ address: '["a"]' })
})

test.each([
  [{ model_text: 'X', condition: 'A' }, 'Brand ID or brand name is required'],
  [{ ...PHONE, brand_name: 'Nokia' }, "Brand 'Nokia' not found"],
  [{ ...PHONE, brand_id: '999' }, "Brand '999' not found"],
  [{ brand_id: '1' }, /model_text: Field required; condition: Field required/],
  [{ ...PHONE, condition: 'F' }, /^condition: Input should be 'A', 'B', 'C', 'D' or 'E'$/],
  [{ ...PHONE, scheduled_at: 'tomorrow' }, /^scheduled_at: /],
  [{ ...PHONE, estimated_price: '-1' }, /^estimated_price: /],
  [{ ...PHONE, brand_id: 'one' }, /^brand_id: /],
  [{ ...PHONE, additional_info: 'card 4111 1111 1111 1111' }, /^additional_info: /],
])('a request with %j is refused with its reason', async (fields, reason) => {
  await using shop = await openShop()
  const { reply } = await offered(shop, fields as Record<string, string>)
  expect(reply.status).toBe(400)
  expect(reply.body).toMatchObject({ detail: typeof reason === 'string' ? reason : expect.stringMatching(reason) })
  expect(await shop.database.db.selectFrom('pickup_request').select('id').execute()).toEqual([])
})

test('an offer is evaluated by an admin and accepted by its owner, once', async () => {
  await using shop = await openShop()
  const admin = await shop.person('admin')
  const { as, id } = await offered(shop)
  const respond = (action: unknown, who = as) =>
    shop.call('POST', `/api/tradein/pickup-requests/${id}/respond`, { as: who, body: { action } })
  expect((await respond('accept')).body).toEqual({ detail: 'No offer to respond to', code: 'no-offer' })
  const body = {
    final_offer: 700.0,
    notes: 'Device in good condition',
    status: 'offered',
    evaluation_cost: 50.0,
    diagnostics: { battery_health: 85, screen_condition: 'good' },
    parts_replaced: ['screen_protector'],
  }
  const evaluated = await shop.call('PUT', `/api/admin/tradeins/${id}/evaluate`, { as: admin, body })
  expect(evaluated.status).toBe(200)
  expect(evaluated.body.pickup).toMatchObject({ id, user_id: as.id, status: 'offered', notes: null })
  expect(evaluated.body.evaluation).toEqual({
    id: 1,
    pickup_id: id,
    tester_id: admin.id,
    final_offer: 700,
    notes: 'Device in good condition',
    evaluation_cost: 50,
    diagnostics_json: { battery_health: 85, screen_condition: 'good' },
    parts_replaced_json: ['screen_protector'],
    created_at: '2026-01-15T09:00:00Z',
  })
  const [mine] = (await shop.call('GET', '/api/tradein/pickup-requests/me', { as })).body
  expect(mine.evaluation).toEqual({
    id: 1,
    pickup_id: id,
    final_offer: 700,
    notes: 'Device in good condition',
    created_at: '2026-01-15T09:00:00Z',
  })
  for (const action of ['maybe', 'constructor', '__proto__', 7, null, undefined]) {
    const reply = await respond(action)
    expect([reply.status, reply.body]).toEqual([400, { detail: 'Invalid action', code: 'offer-action-invalid' }])
  }
  expect((await respond('accept', await shop.person('customer'))).status).toBe(404)
  const accepted = await respond('ACCEPT')
  expect([accepted.status, accepted.body.status]).toEqual([200, 'accepted'])
  expect((await respond('reject')).body).toEqual({ detail: 'No offer to respond to', code: 'no-offer' })
})

test('an answer is to the offer that its owner was shown last: where another stands, they look at that one first', async () => {
  await using shop = await openShop()
  const admin = await shop.person('admin')
  const { as, id } = await offered(shop)
  const offer = (final_offer: number) =>
    shop.call('PUT', `/api/admin/tradeins/${id}/evaluate`, { as: admin, body: { final_offer, status: 'offered' } })
  const look = async (who = as) =>
    (await shop.call('GET', '/api/tradein/pickup-requests/me', { as: who })).body[0]?.evaluation.final_offer
  const accept = () =>
    shop.call('POST', `/api/tradein/pickup-requests/${id}/respond`, { as, body: { action: 'accept' } })
  const changed = { status: 400, body: { detail: 'The offer has changed', code: 'offer-changed' } }
  await offer(700)
  expect(await look()).toBe(700)
  await offer(650)
  expect(await accept()).toMatchObject(changed)
  await shop.call('GET', '/api/admin/tradeins', { as: admin })
  expect(await look(await shop.person('customer'))).toBe(undefined)
  expect(await accept()).toMatchObject(changed)
  expect(await look()).toBe(650)
  await offer(600)
  shop.database.setDamage('a page')
  expect(await look()).toBe(600)
  shop.database.setDamage(null)
  expect(await accept()).toMatchObject(changed)
  // The sum that they saw once is another offer all the same.
  await offer(650)
  expect(await accept()).toMatchObject(changed)
  await look()
  expect(await accept()).toMatchObject({ status: 200, body: { status: 'accepted' } })
})

test('what an evaluation leaves out keeps its value, and the words of an older admin page are understood', async () => {
  await using shop = await openShop()
  const admin = await shop.person('admin')
  const { id } = await offered(shop)
  const put = (body: object, at = id) => shop.call('PUT', `/api/admin/tradeins/${at}/evaluate`, { as: admin, body })
  expect((await put({ status: 'offered' })).body.detail).toEqual([
    { type: 'missing', loc: ['body', 'final_offer'], msg: 'Field required' },
  ])
  expect((await put({}, 999)).status).toBe(422)
  expect((await put({ final_offer: 1, status: 'offered' }, 999)).body).toEqual({
    detail: 'Pickup request not found',
    code: 'pickup-request-not-found',
  })
  expect((await put({ final_offer: 1, status: 'sold' })).body.detail[0]).toMatchObject({ type: 'enum' })
  expect((await put({ final_offer: 1, status: 'offered', diagnostics: [] })).body.detail[0].loc).toEqual([
    'body',
    'diagnostics',
  ])
  const words = { scheduled: 'requested', evaluated: 'evaluating', offer_sent: 'offered', completed: 'accepted' }
  for (const [word, status] of Object.entries(words))
    expect((await put({ final_offer: 120.5, status: word, notes: 'Kept' })).body.pickup.status).toBe(status)
  const later = await put({ evaluation_cost: 5 })
  expect(later.body.evaluation).toMatchObject({ final_offer: 120.5, notes: 'Kept', evaluation_cost: 5 })
  expect(later.body.pickup.status).toBe('accepted')
})

test('admins see every request with its customer, the newest first, and remove one', async () => {
  await using shop = await openShop()
  const admin = await shop.person('admin')
  const first = await offered(shop)
  const second = await offered(shop)
  const all = await shop.call('GET', '/api/admin/tradeins', { as: admin })
  expect(all.headers.get('x-total-count')).toBe('2')
  expect(all.body.map(({ pickup }: { pickup: { id: number } }) => pickup.id)).toEqual([second.id, first.id])
  expect(all.body[1]).toMatchObject({
    user: { id: first.as.id, email: null, full_name: first.as.full_name },
    evaluation: null,
  })
  expect((await shop.call('GET', '/api/admin/tradeins?limit=1&offset=1', { as: admin })).body).toHaveLength(1)
  expect((await shop.call('GET', '/api/admin/tradeins?limit=1001', { as: admin })).status).toBe(422)
  const gone = await shop.call('DELETE', `/api/admin/tradeins/${first.id}`, { as: admin })
  expect([gone.status, gone.text, gone.headers.get('content-type')]).toEqual([204, '', null])
  expect((await shop.call('DELETE', `/api/admin/tradeins/${first.id}`, { as: admin })).status).toBe(404)
  expect((await shop.call('GET', '/api/tradein/pickup-requests/me', { as: first.as })).body).toEqual([])
})

test('a request sent again under its key is one request, its photos included', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const photo = await jpeg()
  const send = (bytes: Buffer) =>
    shop.call('POST', '/api/tradein/pickup-requests', {
      as,
      body: formOf(PHONE, [['a.jpg', bytes]]),
      headers: { 'idempotency-key': 'one' },
    })
  const first = await send(photo)
  expect((await send(photo)).text).toBe(first.text)
  expect((await send(await jpeg(10, 10))).status).toBe(422)
  expect(await shop.database.db.selectFrom('pickup_request').select('id').execute()).toHaveLength(1)
})
