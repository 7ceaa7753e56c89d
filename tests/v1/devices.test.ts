import { expect, test } from 'vitest'
import { faultsOf, openRepairShop } from './repair-shop.ts'

const NAMED = [
  ['/devices/types', 'Device type already exists', 'Tablet'],
  ['/devices/brands', 'Brand already exists', 'Lenovo'],
  ['/problems', 'Problem already exists', 'Battery'],
] as const

test.each(NAMED)('%s take a name and description, once, in any case', async (path, refusal, name) => {
  await using shop = await openRepairShop()
  const reply = await shop.v1('POST', path, { name, description: 'Of all kinds' })
  expect(reply.status).toBe(201)
  expect(reply.body).toEqual({
    id: expect.any(Number),
    name,
    description: 'Of all kinds',
    created_at: '2026-01-15T09:00:00Z',
  })
  expect((await shop.v1('GET', path)).body).toContainEqual(reply.body)
  const again = await shop.v1('POST', path, { name: ` ${name.toUpperCase()} ` })
  expect([again.status, again.body]).toMatchObject([400, { detail: refusal }])
  expect((await shop.v1('POST', path, { name: `${name} Pro` })).body.description).toBe(null)
  expect(faultsOf(await shop.v1('POST', path, {}))).toEqual(['body.name missing'])
})

test('a model belongs to a brand and a type, and is there once for both', async () => {
  await using shop = await openRepairShop()
  const { brand_id, device_type_id } = shop.kind
  const reply = await shop.v1('POST', '/devices/models', { brand_id, name: 'XPS 15', device_type_id })
  expect(reply.status).toBe(201)
  expect(reply.body).toEqual({ id: 2, brand_id, name: 'XPS 15', device_type_id, created_at: '2026-01-15T09:00:00Z' })
  const again = await shop.v1('POST', '/devices/models', { brand_id, name: 'xps 15', device_type_id })
  expect([again.status, again.body.detail]).toEqual([400, 'Model already exists'])
  const { id: tablet } = (await shop.v1('POST', '/devices/types', { name: 'Tablet' })).body
  expect((await shop.v1('POST', '/devices/models', { brand_id, name: 'XPS 15', device_type_id: tablet })).status).toBe(
    201,
  )
  const noBrand = await shop.v1('POST', '/devices/models', { brand_id: 99, name: 'X', device_type_id })
  expect([noBrand.status, noBrand.body.detail]).toEqual([404, 'Brand not found'])
  const noType = await shop.v1('POST', '/devices/models', { brand_id, name: 'X', device_type_id: 99 })
  expect([noType.status, noType.body.detail]).toEqual([404, 'Device type not found'])
})

test.each(['/devices/types', '/devices/brands', '/devices/models', '/problems'])(
  '%s come whole, unless a page or a search is asked for',
  async (path) => {
    await using shop = await openRepairShop()
    const more = path === '/devices/models' ? shop.kind : {}
    const before = (await shop.v1('GET', path)).body.length
    for (let i = 0; i < 14; i++) await shop.v1('POST', path, { ...more, name: `Thing ${i}` })
    const all = await shop.v1('GET', path, undefined, { as: shop.customer })
    expect([all.body.length, all.headers.get('x-total-count')]).toEqual([before + 14, `${before + 14}`])
    const page = await shop.v1('GET', `${path}?limit=4&offset=${before + 11}`)
    expect(page.body.map(({ name }: { name: string }) => name)).toEqual(['Thing 11', 'Thing 12', 'Thing 13'])
    expect((await shop.v1('GET', `${path}?offset=1`)).body.length).toBe(10)
    const found = await shop.v1('GET', `${path}?q=THING%201`)
    expect(found.body.map(({ name }: { name: string }) => name)).toEqual([
      'Thing 1',
      'Thing 10',
      'Thing 11',
      'Thing 12',
      'Thing 13',
    ])
    expect((await shop.v1('GET', `${path}?q=%25`)).body).toEqual([])
    expect((await shop.v1('GET', `${path}?q=_`)).body).toEqual([])
    expect((await shop.v1('GET', `${path}?q=%5C`)).body).toEqual([])
  },
)

test('a customer registers two hundred devices of their own at most, and the desk may register more for them', async () => {
  await using shop = await openRepairShop()
  const { id: owner_id } = shop.customer
  for (let n = 1; n < 200; n++) await shop.device()
  const register = async (as = shop.customer) => await shop.v1('POST', '/devices', { ...shop.kind, owner_id }, { as })
  expect((await register()).status).toBe(201)
  expect(await register()).toMatchObject({ status: 400, body: { code: 'devices-full', params: { most: 200 } } })
  expect((await register(shop.staff)).status).toBe(201)
})

test('a device is registered with everything said of it', async () => {
  await using shop = await openRepairShop()
  const wanted = { ...shop.kind, serial_number: 'SN123456789', owner_id: shop.customer.id, notes: 'Screen cracked' }
  const reply = await shop.v1('POST', '/devices', wanted)
  expect(reply.status).toBe(201)
  expect(reply.body).toEqual({ id: 1, ...wanted, created_at: '2026-01-15T09:00:00Z' })
  expect((await shop.v1('GET', '/devices/1')).body).toEqual(reply.body)
  const bare = await shop.v1('POST', '/devices', shop.kind)
  expect(bare.body).toMatchObject({ id: 2, serial_number: null, owner_id: null, notes: null })
  expect(faultsOf(await shop.v1('POST', '/devices', {}))).toEqual([
    'body.brand_id missing',
    'body.device_type_id missing',
    'body.model_id missing',
  ])
})

test('a missing reference is named', async () => {
  await using shop = await openRepairShop()
  for (const [field, detail] of [
    ['brand_id', 'Brand not found'],
    ['model_id', 'Model not found'],
    ['device_type_id', 'Device type not found'],
    ['owner_id', 'Owner not found'],
  ]) {
    const reply = await shop.v1('POST', '/devices', { ...shop.kind, [field!]: 99 })
    expect([reply.status, reply.body.detail]).toEqual([404, detail])
    const { id } = await shop.device()
    const patched = await shop.v1('PATCH', `/devices/${id}`, { [field!]: 99 })
    expect([patched.status, patched.body.detail]).toEqual([404, detail])
  }
})

test('a model of another brand or type is refused', async () => {
  await using shop = await openRepairShop()
  const brand_id = (await shop.v1('POST', '/devices/brands', { name: 'Apple' })).body.id
  const device_type_id = (await shop.v1('POST', '/devices/types', { name: 'Phone' })).body.id
  const device = await shop.device()
  for (const other of [{ brand_id }, { device_type_id }]) {
    expect((await shop.v1('POST', '/devices', { ...shop.kind, ...other })).status).toBe(400)
    expect((await shop.v1('PATCH', `/devices/${device.id}`, other)).status).toBe(400)
  }
  const model_id = (await shop.v1('POST', '/devices/models', { brand_id, device_type_id, name: 'iPhone 13' })).body.id
  const moved = await shop.v1('PATCH', `/devices/${device.id}`, { brand_id, device_type_id, model_id })
  expect([moved.status, moved.body]).toEqual([
    200,
    { ...(await shop.v1('GET', `/devices/${device.id}`)).body, brand_id, device_type_id, model_id },
  ])
})

test('a serial number is there once, however it is written, until its device is removed', async () => {
  await using shop = await openRepairShop()
  const first = await shop.device({ serial_number: 'sn-12 3' })
  const again = await shop.v1('POST', '/devices', { ...shop.kind, serial_number: 'SN123' })
  expect([again.status, again.body.detail]).toEqual([400, 'Serial number already exists'])
  const second = await shop.device({ serial_number: 'SN124' })
  const patched = await shop.v1('PATCH', `/devices/${second.id}`, { serial_number: 'Sn123' })
  expect([patched.status, patched.body.detail]).toEqual([400, 'Serial number already exists'])
  expect((await shop.v1('PATCH', `/devices/${first.id}`, { serial_number: 'SN 123' })).body.serial_number).toBe(
    'SN 123',
  )
  expect((await shop.v1('DELETE', `/devices/${first.id}`)).status).toBe(204)
  expect((await shop.v1('PATCH', `/devices/${second.id}`, { serial_number: 'SN123' })).status).toBe(200)
  for (let i = 0; i < 2; i++)
    expect((await shop.v1('POST', '/devices', { ...shop.kind, serial_number: ' ' })).body.serial_number).toBe(null)
})

test('a customer’s device is theirs, and they change its notes alone', async () => {
  await using shop = await openRepairShop()
  const as = { as: shop.customer }
  const made = await shop.v1('POST', '/devices', { ...shop.kind, owner_id: shop.other.id, serial_number: 'A1' }, as)
  expect([made.status, made.body.owner_id]).toEqual([201, shop.customer.id])
  const patched = await shop.v1(
    'PATCH',
    `/devices/${made.body.id}`,
    { notes: 'Fixed', serial_number: 'B2', owner_id: shop.other.id, brand_id: 99 },
    as,
  )
  expect([patched.status, patched.body]).toEqual([200, { ...made.body, notes: 'Fixed' }])
})

test('devices are listed by owner; a customer’s list holds their own', async () => {
  await using shop = await openRepairShop()
  const mine = await shop.device()
  const theirs = await shop.device({ owner_id: shop.other.id })
  const ids = async (query: string, as = shop.admin) =>
    (await shop.v1('GET', `/devices${query}`, undefined, { as })).body.map(({ id }: { id: number }) => id)
  expect(await ids('')).toEqual([mine.id, theirs.id])
  expect(await ids(`?owner_id=${shop.other.id}`)).toEqual([theirs.id])
  expect(await ids('?owner_id=999')).toEqual([])
  expect(await ids('', shop.customer)).toEqual([mine.id])
  expect(await ids(`?owner_id=${shop.other.id}`, shop.customer)).toEqual([])
})

test('a device with repair orders stays, until they are gone', async () => {
  await using shop = await openRepairShop()
  const { id, device_id } = await shop.order()
  const refused = await shop.v1('DELETE', `/devices/${device_id}`)
  expect([refused.status, refused.body.detail]).toEqual([400, 'Device has repair orders'])
  expect((await shop.v1('GET', `/devices/${device_id}`)).status).toBe(200)
  await shop.v1('DELETE', `/orders/${id}`)
  expect((await shop.v1('DELETE', `/devices/${device_id}`)).status).toBe(204)
  for (const method of ['GET', 'DELETE']) expect((await shop.v1(method, `/devices/${device_id}`)).status).toBe(404)
  expect((await shop.v1('PATCH', `/devices/${device_id}`, { notes: 'x' })).status).toBe(404)
  const order = await shop.v1('POST', '/orders', { device_id })
  expect([order.status, order.body.detail]).toEqual([404, 'Device not found'])
})

test('what is missing is told before what does not fit together', async () => {
  await using shop = await openRepairShop()
  const brand_id = (await shop.v1('POST', '/devices/brands', { name: 'Apple' })).body.id
  const reply = await shop.v1('POST', '/devices', { ...shop.kind, brand_id, owner_id: 99 })
  expect([reply.status, reply.body.detail]).toEqual([404, 'Owner not found'])
})

test('a brand that came with the new database is added by a program that knows none yet, once', async () => {
  await using shop = await openRepairShop()
  const known = (await shop.call('GET', '/api/tradein/brands')).body.find(
    ({ name }: { name: string }) => name === 'Samsung',
  )
  expect((await shop.v1('GET', '/devices/brands')).body).toMatchObject([{ name: 'Dell' }])
  const added = await shop.v1('POST', '/devices/brands', { name: 'samsung', description: 'Phones' })
  expect([added.status, added.body]).toMatchObject([201, { id: known.id, name: 'samsung', description: 'Phones' }])
  const again = await shop.v1('POST', '/devices/brands', { name: 'Samsung' })
  expect([again.status, again.body.detail]).toEqual([400, 'Brand already exists'])
})
