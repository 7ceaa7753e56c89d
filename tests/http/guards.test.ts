import { request } from 'node:http'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { openShop, type Shop } from '../support/shop.ts'

/** Asks with a Host of one's own choice, which fetch does not allow. */
function askAs(shop: Shop, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${shop.url}/health`, { headers: { host } }, (reply) => resolve(reply.resume().statusCode!))
      .on('error', reject)
      .end()
  })
}

test('a Host that is not ours is misdirected', async () => {
  await using shop = await openShop({ config: { hosts: ['till.example'] } })
  const port = new URL(shop.url).port
  for (const host of [
    `127.0.0.1:${port}`,
    'localhost',
    'LOCALHOST:1',
    '[::1]:8000',
    'till.example',
    'till.example:8000',
    `${hostname()}.local`,
  ])
    expect([host, await askAs(shop, host)]).toEqual([host, 200])
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil.example:8000'])
    expect([host, await askAs(shop, host)]).toEqual([host, 421])
})

test('another site’s page may not write, our own and the configured ones may', async () => {
  await using shop = await openShop()
  const write = (origin: string) => shop.call('POST', '/health', { body: {}, headers: { origin } })
  expect((await write('https://evil.example')).status).toBe(403)
  expect((await write('null')).status).toBe(403)
  expect((await write(shop.url)).status).toBe(405)
  expect((await write('http://localhost:5173')).status).toBe(405)
})

test('the configured origins may read what the documents promise, others may not', async () => {
  await using shop = await openShop()
  const headers = (origin: string) =>
    shop.call('GET', '/health', { headers: { origin } }).then((reply) => reply.headers)
  const allowed = await headers('http://localhost:3000')
  expect(allowed.get('access-control-allow-origin')).toBe('http://localhost:3000')
  expect(allowed.get('access-control-expose-headers')).toContain('X-Total-Count')
  expect(allowed.get('access-control-expose-headers')).toContain('Retry-After')
  expect((await headers('https://evil.example')).get('access-control-allow-origin')).toBeNull()
  const preflight = await shop.call('OPTIONS', '/v1/orders', {
    headers: {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization',
    },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
})

test('replies carry the headers that keep browsers honest', async () => {
  await using shop = await openShop()
  const { headers } = await shop.call('GET', '/health')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-powered-by')).toBeNull()
  expect(headers.get('x-request-id')).toMatch(/^\w+-\w+$/)
})

test('X-Forwarded-For is ignored unless it comes from a trusted proxy', async () => {
  const addressSeen = async (trustedProxies: string[]) => {
    await using shop = await openShop({ config: { trustedProxies } })
    const login = () =>
      shop.call('POST', '/v1/auth/login', {
        body: { phone: '555-9999', password: 'wrong one' },
        headers: { 'x-forwarded-for': '203.0.113.9' },
      })
    await login()
    const rows = await shop.database.db.selectFrom('sign_in_failure').select('address').execute()
    return rows.map(({ address }) => address)
  }
  expect(await addressSeen([])).toEqual(['127.0.0.1'])
  expect(await addressSeen(['127.0.0.1'])).toEqual(['203.0.113.9'])
})

test('the counter’s cookie counts for pages of this server alone', async () => {
  await using shop = await openShop()
  const person = { full_name: 'Olga', phone: '555-0100', password: 'correct horse', pin: '2468' }
  const body = {
    code: shop.context.run.setupCode,
    owner: person,
    shop: { name: 'S', currency: 'EUR', time_zone: 'UTC', tax_mode: 'none' },
  }
  const setUp = await shop.call('POST', '/counter/setup', { body })
  const cookie = setUp.headers.get('set-cookie')!.split(';')[0]!
  const seen = (origin?: string) =>
    shop.call('GET', '/counter/board', { headers: { cookie, ...(origin && { origin }) } })
  expect([(await seen()).status, (await seen(shop.url)).status, (await seen('http://localhost:3000')).status]).toEqual([
    200, 200, 401,
  ])
})

test('paths are told apart by case, and a body of null is none', async () => {
  await using shop = await openShop()
  expect((await shop.call('GET', '/V1/users', { as: await shop.person('admin') })).status).toBe(404)
  const reply = await shop.call('POST', '/v1/auth/login', { body: 'null' })
  expect(reply.body.detail).toEqual([{ type: 'missing', loc: ['body'], msg: 'Field required' }])
})
