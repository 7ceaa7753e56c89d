import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { v1 } from '../../server/v1/v1.ts'
import { faultsOf, openRepairShop, type RepairShop } from './repair-shop.ts'

const WITH_BODY = v1
  .filter(({ body }) => body)
  .map(({ method, path }) => [method, path.slice('/v1'.length).replace(/:\w+/, '1')] as const)

async function raw(
  shop: RepairShop,
  method: string,
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
) {
  const reply = await fetch(`${shop.url}/v1${path}`, {
    method,
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${shop.admin.token}`, ...headers },
  })
  return { status: reply.status, text: await reply.text() }
}

const rowsOf = async (shop: RepairShop) => (await shop.database.db.selectFrom('journal').select('seq').execute()).length

test('no body survives being something else', async () => {
  await using shop = await openRepairShop()
  const before = await rowsOf(shop)
  const strange = [{}, [1], 1.5, '\u0000', 1e21, true]
  const fields = [
    'full_name',
    'phone',
    'email',
    'password',
    'refresh_token',
    'name',
    'description',
    'notes',
    'note',
    'order_id',
    'user_id',
  ]
  const more = [
    'brand_id',
    'model_id',
    'device_type_id',
    'device_id',
    'cost',
    'discount',
    'amount',
    'due_amount',
    'status',
    'payment_method',
  ]
  const objects = strange.map((value) =>
    JSON.stringify(Object.fromEntries([...fields, ...more].map((field) => [field, value]))),
  )
  const bodies = [
    'null',
    'true',
    '1',
    '12345678901234567890',
    '"x"',
    '[]',
    '[{}]',
    '{',
    '{"a":}',
    '\u0000',
    '{"name":"a"',
    ...objects,
  ]
  for (const [method, path] of WITH_BODY)
    for (const body of bodies) {
      const { status, text } = await raw(shop, method, path, body)
      expect([method, path, body.slice(0, 60), status]).toEqual([method, path, body.slice(0, 60), 422])
      expect(JSON.parse(text)).toHaveProperty('detail')
    }
  expect(await rowsOf(shop)).toBe(before)
})

test.each([
  ['NUL', 'a\u0000b'],
  ['a lone surrogate', 'a\ud800b'],
  ['a payment card number', 'pay with 4111-1111-1111-1111 please'],
])('%s in any text is a fault of its field', async (_, text) => {
  await using shop = await openRepairShop()
  const { id } = await shop.order()
  for (const [method, path, field, rest] of [
    ['POST', '/devices/types', 'name', {}],
    ['POST', '/devices/types', 'description', { name: 'A' }],
    ['POST', '/auth/register', 'full_name', { phone: '123', password: 'password123' }],
    ['PATCH', `/users/${shop.customer.id}`, 'profile_picture', {}],
    ['PATCH', `/orders/${id}`, 'note', {}],
    ['POST', '/devices', 'serial_number', shop.kind],
    ['POST', '/devices', 'notes', shop.kind],
    ['POST', '/payments', 'payment_method', { order_id: id }],
  ] as const) {
    const reply = await shop.v1(method, path, { ...rest, [field]: text })
    expect([reply.status, faultsOf(reply)]).toEqual([422, [`body.${field} value_error`]])
  }
})

test('a NUL in a path or a search finds nothing and breaks nothing', async () => {
  await using shop = await openRepairShop()
  for (const path of [
    '/users/%00',
    '/users/1%00',
    '/devices/types?q=%00',
    '/orders?status=%00',
    '/devices?owner_id=%00',
    '/users/%ff',
    '/users/%',
  ])
    expect([path, (await shop.v1('GET', path)).status >= 400, (await shop.v1('GET', path)).status < 500]).toEqual([
      path,
      true,
      true,
    ])
})

test('words that mean something to SQL are only words', async () => {
  await using shop = await openRepairShop()
  const evil = `x'); drop table "user"; --`
  expect((await shop.v1('POST', '/devices/brands', { name: evil })).body.name).toBe(evil)
  expect((await shop.v1('GET', `/devices/brands?q=${encodeURIComponent(evil)}`)).body.length).toBe(1)
  for (const q of [`' or '1'='1`, '%', '_', '\\', `" or ""="`])
    expect((await shop.v1('GET', `/devices/brands?q=${encodeURIComponent(q)}`)).status).toBe(200)
  expect((await shop.v1('POST', '/auth/login', { phone: `' or 1=1 --`, password: 'x' })).status).toBe(401)
  expect((await shop.v1('GET', '/users')).status).toBe(200)
})

test('JSON of 10,000 levels, of 10 MB, and bombs are refused, and the server goes on', async () => {
  await using shop = await openRepairShop()
  const deep = '['.repeat(10_000) + ']'.repeat(10_000)
  for (const body of [deep, `{"name":${deep}}`, `{"note":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`]) {
    const { status } = await raw(shop, 'POST', '/devices/types', body)
    expect(status).toBe(422)
  }
  expect((await raw(shop, 'POST', '/devices/types', `{"name":"${'x'.repeat(10_485_760)}"}`)).status).toBe(413)
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '))
  expect((await raw(shop, 'POST', '/devices/types', bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
  expect((await raw(shop, 'POST', '/devices/types', 'x', { 'content-encoding': 'gzip' })).status).toBe(400)
  expect((await raw(shop, 'POST', '/devices/types', 'x', { 'content-encoding': 'rot13' })).status).toBe(415)
  expect(
    (await raw(shop, 'POST', '/devices/types', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }))
      .status,
  ).toBe(415)
  expect((await shop.v1('GET', '/devices/types')).body.length).toBe(1)
})

test('a body of what is no object is named as pydantic names it', async () => {
  await using shop = await openRepairShop()
  const list = await shop.v1('POST', '/devices/types', '[]')
  expect(list.body.detail).toEqual([
    {
      type: 'model_attributes_type',
      loc: ['body'],
      msg: 'Input should be a valid dictionary or object to extract fields from',
    },
  ])
  const broken = await raw(shop, 'POST', '/devices/types', '{"name": }')
  expect(JSON.parse(broken.text).detail).toEqual([{ type: 'json_invalid', loc: ['body', 9], msg: 'JSON decode error' }])
  const none = await shop.call('POST', '/v1/devices/types', { as: shop.admin })
  expect(none.body.detail).toEqual([{ type: 'missing', loc: ['body'], msg: 'Field required' }])
})

test('no amount passes through a double, however many digits it is written with', async () => {
  await using shop = await openRepairShop()
  const { id: device_id } = await shop.device()
  for (const [cost, answer] of [
    ['0.1000000000000000055', 'decimal_max_places'],
    ['12345678.990000000001', 'decimal_max_places'],
    ['1e-400', 'decimal_max_places'],
    ['12345678901234.995', 'decimal_max_places'],
    ['100000000.00000000000', 'less_than_equal'],
    ['1e400', 'less_than_equal'],
    ['-1e400', 'greater_than_equal'],
    ['0.10000000000000000000', '0.10'],
    ['1E2', '100.00'],
    ['-0', '0.00'],
  ] as const) {
    const { text } = await raw(shop, 'POST', '/orders', `{"device_id":${device_id},"cost":${cost}}`)
    const body = JSON.parse(text)
    expect([cost, body.cost ?? body.detail[0].type]).toEqual([cost, answer])
  }
  const { text } = await raw(shop, 'POST', '/orders', '{"device_id":9007199254740993,"note":1234567890123456789}')
  expect(JSON.parse(text).detail.map(({ type }: { type: string }) => type)).toEqual(['int_parsing_size', 'string_type'])
})
