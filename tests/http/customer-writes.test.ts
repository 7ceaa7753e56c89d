import { expect, test } from 'vitest'
import { openCustomerWrites } from '../../server/http/bounds/customer-writes.ts'
import type { Sender } from '../../server/http/bounds/sender.ts'
import { openShop } from '../support/shop.ts'

const HOUR = 3_600_000
const FAR = { 'x-forwarded-for': '192.168.1.30' }

test('a customer changes so much within an hour, whatever becomes of it; reading, the desk, others and this machine go on', async () => {
  await using shop = await openShop({ config: { trustedProxies: ['loopback'] } })
  let now = 0
  shop.context.run.customerWrites = openCustomerWrites({ each: 3 }, () => now)
  const [ann, bob, clerk] = [await shop.person('customer'), await shop.person('customer'), await shop.person('staff')]
  const rename = (as: typeof ann, full_name = 'Ann', headers = FAR) =>
    shop.call('PATCH', `/v1/users/${as.id}`, { as, headers, body: { full_name } })
  expect([(await rename(ann)).status, (await rename(ann, '')).status, (await rename(ann)).status]).toEqual([
    200, 422, 200,
  ])
  now = HOUR / 4
  const refused = await rename(ann, 'Nan')
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
    429,
    'too-many-changes',
    '2700',
  ])
  const cart = await shop.call('POST', '/api/cart/items', { as: ann, headers: FAR, body: {} })
  expect(cart.status).toBe(429)
  const seen = await shop.call('GET', `/v1/users/${ann.id}`, { as: ann, headers: FAR })
  expect([seen.status, seen.body.full_name]).toEqual([200, 'Ann'])
  expect((await shop.call('PATCH', `/v1/users/${ann.id}`, { as: ann, body: { full_name: 'Here' } })).status).toBe(200)
  for (let n = 0; n < 4; n++) expect((await rename(clerk)).status).toBe(200)
  expect((await rename(bob)).status).toBe(200)
  now = HOUR
  expect((await rename(ann)).status).toBe(200)
})

test('a customer has six hundred changes an hour, and whose hour began first is forgotten first', () => {
  let now = 0
  const writes = openCustomerWrites({ people: 2 }, () => now)
  const by = (who: string): Sender => ({ who, kind: 'customer', isHere: false })
  for (let n = 0; n < 600; n++) writes.count(by('first'))
  expect(() => writes.count(by('first'))).toThrow()
  now = 1
  writes.count(by('second'))
  expect(() => writes.count(by('first'))).toThrow()
  writes.count(by('third'))
  expect(() => writes.count(by('first'))).not.toThrow()
})
