import { expect, test } from 'vitest'
import { openRegistrations } from '../../server/http/bounds/registrations.ts'
import { openShop, PASSWORD, type Shop } from '../support/shop.ts'

const HOUR = 3_600_000

const bodies = {
  v1: (name: string) => ({ full_name: 'Ann', phone: `555 ${name}`, password: PASSWORD }),
  api: (name: string) => ({ email: `ann${name}@example.com`, password: PASSWORD }),
}
const register = (shop: Shop, surface: 'v1' | 'api', name: string, address?: string) =>
  shop.call('POST', `/${surface}/auth/register`, {
    body: bodies[surface](name),
    headers: address === undefined ? {} : { 'x-forwarded-for': address },
  })

test('both APIs count what one address registers, and what they refuse; others and this machine go on', async () => {
  await using shop = await openShop({ config: { trustedProxies: ['loopback'] } })
  let now = 0
  shop.context.run.registrations = openRegistrations({ each: 3 }, () => now)
  const at = async (surface: 'v1' | 'api', name: string, address?: string) =>
    (await register(shop, surface, name, address)).status
  expect([await at('v1', '100', '10.0.0.1'), await at('v1', '100', '10.0.0.1')]).toEqual([201, 400])
  now = HOUR / 4
  expect(await at('api', '100', '10.0.0.1')).toBe(201)
  for (const surface of ['v1', 'api'] as const) {
    const { status, body, headers } = await register(shop, surface, '200', '10.0.0.1')
    expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'too-many-registrations', '2700'])
    expect(await at(surface, '300', '10.0.0.2')).toBe(201)
    for (const name of ['401', '402', '403', '404']) expect(await at(surface, name)).toBe(201)
  }
  now = HOUR
  expect([await at('v1', '500', '10.0.0.1'), await at('api', '500', '10.0.0.1')]).toEqual([201, 201])
  expect((await register(shop, 'api', '501', '10.0.0.1')).headers.get('retry-after')).toBe('900')
})

test('an address registers sixty an hour, and those that were quiet for longest are forgotten first', () => {
  let now = 0
  const registrations = openRegistrations({ addresses: 2 }, () => now)
  const ask = (address: string) => () => registrations.count(address)
  for (let n = 0; n < 60; n++, now += 1_000) ask('10.0.0.1')()
  expect(ask('10.0.0.1')).toThrow('Too many accounts')
  ask('10.0.0.2')()
  expect(ask('10.0.0.1')).toThrow('Too many accounts')
  ask('10.0.0.3')()
  expect(ask('10.0.0.1')).not.toThrow()
})

test('the documents of both APIs say that an address may register too much', async () => {
  await using shop = await openShop()
  const { paths } = (await shop.call('GET', '/openapi.json')).body
  for (const surface of ['v1', 'api'])
    expect(paths[`/${surface}/auth/register`].post.responses['429']['x-codes']).toEqual(['too-many-registrations'])
})
