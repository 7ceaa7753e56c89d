import { expect, test } from 'vitest'
import { browserWith } from '../counter/counter-shop.ts'
import { openShop } from '../support/shop.ts'

type Row = { id: number; name: string }

/** A shop that its owner has just set up in `language`, and how they call `/v1` and the counter. */
async function openNewShop(language: 'en' | 'de' = 'en') {
  const shop = await openShop()
  const owner = { full_name: 'Olga Owner', phone: '+49 30 123', password: 'very secret words' }
  const made = await shop.call('POST', '/counter/setup', {
    body: {
      code: 'TEST-CODE-2345',
      language,
      owner,
      shop: { name: 'Fix & Co', currency: 'EUR', time_zone: 'Europe/Berlin', tax_mode: 'none' },
    },
  })
  if (made.status !== 201) throw new Error(made.text)
  const login = await shop.call('POST', '/v1/auth/login', { body: { phone: owner.phone, password: owner.password } })
  const token = login.body.tokens.access_token as string
  const v1 = (method: string, path: string, body?: unknown) => shop.call(method, `/v1${path}`, { token, body })
  return {
    ...shop,
    v1,
    counter: (method: string, path: string, body?: unknown) =>
      shop.call(method, `/counter${path}`, { ...browserWith(made), body }),
    names: async (path: string): Promise<string[]> => (await v1('GET', path)).body.map(({ name }: Row) => name),
  }
}

test('intake finds a common model in a new shop, and /v1 sees it with its brand and type once it is used', async () => {
  await using shop = await openNewShop()
  for (const path of ['/devices/types', '/devices/brands', '/devices/models']) {
    expect(await shop.names(path)).toEqual([])
    expect((await shop.v1('GET', `${path}?q=a&limit=5`)).headers.get('x-total-count')).toBe('0')
  }
  const find = async (q: string) => (await shop.counter('GET', `/models?q=${encodeURIComponent(q)}`)).body
  const [fairphone] = await find('fairphone 4')
  expect(fairphone).toMatchObject({ name: 'Fairphone 4', brand_name: 'Fairphone', type_name: 'Phone' })
  expect(await find('iphone 13 mini')).toMatchObject([{ name: 'iPhone 13 mini', brand_name: 'Apple' }])
  expect(await find('thinkpad t480s')).toMatchObject([{ brand_name: 'Lenovo', type_name: 'Laptop' }])
  const taken = await shop.counter('POST', '/intakes', {
    customer: { full_name: 'Nora New', phone: '030 555 01' },
    device: { model_id: fairphone.id },
  })
  expect(taken.status).toBe(201)
  expect(await shop.names('/devices/types')).toEqual(['Phone'])
  expect(await shop.names('/devices/brands')).toEqual(['Fairphone'])
  expect(await shop.names('/devices/models')).toEqual(['Fairphone 4'])
  const { device_type_id, brand_id } = (await shop.v1('GET', '/devices/models')).body[0]
  const again = await shop.v1('POST', '/devices/models', { device_type_id, brand_id, name: 'Fairphone 4' })
  expect([again.status, again.body.detail]).toEqual([400, 'Model already exists'])
  const typed = await shop.counter('POST', '/intakes', {
    customer: { full_name: 'Tom Typist', phone: '030 555 02' },
    device: { device_type_name: 'phone', brand_name: 'apple', model_name: 'iphone 12' },
  })
  expect(typed.status).toBe(201)
  expect(await shop.names('/devices/models')).toEqual(['iPhone 12', 'Fairphone 4'])
})

test('a program that knows no types, brands and models yet adds its own, starters among them, each once', async () => {
  await using shop = await openNewShop()
  const post = async (path: string, body: object) => {
    const first = await shop.v1('POST', path, body)
    const again = await shop.v1('POST', path, body)
    expect([first.status, again.status]).toEqual([201, 400])
    return first.body
  }
  const { id: device_type_id } = await post('/devices/types', { name: 'Tablet', description: 'Flat' })
  const { id: brand_id } = await post('/devices/brands', { name: 'Samsung' })
  const model = { device_type_id, brand_id, name: 'galaxy tab S9' }
  expect(await post('/devices/models', model)).toEqual({
    id: expect.any(Number),
    ...model,
    created_at: '2026-01-15T09:00:00Z',
  })
  expect((await shop.v1('GET', '/devices/types')).body).toMatchObject([{ name: 'Tablet', description: 'Flat' }])
  expect(await shop.names('/devices/brands')).toEqual(['Samsung'])
  expect(await shop.names('/devices/models')).toEqual(['galaxy tab S9'])
  const found = (await shop.counter('GET', '/models?q=galaxy%20tab%20s9')).body
  expect(found.filter(({ name }: Row) => name.toLowerCase() === 'galaxy tab s9')).toHaveLength(1)
})

test('a starter brand that a price is given for is in use, and types are called as the shop calls them', async () => {
  await using shop = await openNewShop('de')
  const brand = async (name: string): Promise<number> =>
    (await shop.counter('GET', '/catalogue')).body.brands.find((known: Row) => known.name === name).id
  const price = { brand_id: await brand('Huawei'), model: 'P30', storage: '128GB', condition: 'A', price_cents: 10_000 }
  expect((await shop.counter('POST', '/trade-in-prices', price)).status).toBe(201)
  expect(await shop.names('/devices/brands')).toEqual(['Huawei'])
  expect((await shop.counter('GET', '/models?q=thinkpad%20t480s')).body).toMatchObject([{ type_name: 'Laptop' }])
  expect((await shop.counter('GET', '/models?q=iphone%2012%20mini')).body).toMatchObject([{ type_name: 'Handy' }])
})
