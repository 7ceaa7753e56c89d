import { expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { guessing } from '../../server/shop/guessing.ts'
import { openShop, PASSWORD, type Person, type Shop } from '../support/shop.ts'

const MINUTE = 60_000

const login = (shop: Shop, phone: string, password = 'a wrong one', address = '10.0.0.1') =>
  shop.call('POST', '/v1/auth/login', { body: { phone, password }, headers: { 'x-forwarded-for': address } })
const openProxiedShop = () => openShop({ config: { trustedProxies: ['loopback'] } })

async function failFiveTimes(shop: Shop, { phone }: Person) {
  for (let i = 0; i < 5; i++) expect((await login(shop, phone)).status).toBe(401)
}

test('the sixth attempt in 15 minutes is refused with Retry-After, the right password included', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  await failFiveTimes(shop, ann)
  for (const password of ['a wrong one', PASSWORD]) {
    const reply = await login(shop, ann.phone, password)
    expect(reply.status).toBe(429)
    expect(reply.headers.get('retry-after')).toBe('900')
    expect(typeof reply.body.detail).toBe('string')
  }
  shop.clock.pass(5 * MINUTE)
  expect((await login(shop, ann.phone, PASSWORD)).headers.get('retry-after')).toBe('600')
  shop.clock.pass(10 * MINUTE + 1)
  expect((await login(shop, ann.phone, PASSWORD)).status).toBe(200)
})

test('refused attempts do not prolong the wait', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  await failFiveTimes(shop, ann)
  shop.clock.pass(14 * MINUTE)
  for (let i = 0; i < 10; i++) expect((await login(shop, ann.phone)).status).toBe(429)
  shop.clock.pass(MINUTE + 1)
  expect((await login(shop, ann.phone, PASSWORD)).status).toBe(200)
})

test('other accounts and other addresses are not affected', async () => {
  await using shop = await openProxiedShop()
  const [ann, bob] = [await shop.person('customer'), await shop.person('customer')]
  await failFiveTimes(shop, ann)
  expect((await login(shop, bob.phone, PASSWORD)).status).toBe(200)
  expect((await login(shop, ann.phone, PASSWORD, '10.0.0.2')).status).toBe(200)
  expect((await login(shop, ann.phone, PASSWORD)).status).toBe(429)
})

test('an unknown account is throttled like a known one', async () => {
  await using shop = await openProxiedShop()
  for (let i = 0; i < 5; i++) expect((await login(shop, '000-111')).status).toBe(401)
  expect((await login(shop, '000111')).status).toBe(429)
})

test('success clears the count', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) expect((await login(shop, ann.phone)).status).toBe(401)
    expect((await login(shop, ann.phone, PASSWORD)).status).toBe(200)
  }
})

test('fifty wrong guesses over all accounts shut an address out', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  for (let i = 0; i < 50; i++) expect((await login(shop, `9000${i}`)).status).toBe(401)
  expect((await login(shop, ann.phone, PASSWORD)).status).toBe(429)
  expect((await login(shop, ann.phone, PASSWORD, '10.0.0.2')).status).toBe(200)
})

test('guesses made at the same time are not more than guesses made in turn', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  const replies = await Promise.all(Array.from({ length: 30 }, () => login(shop, ann.phone)))
  expect(replies.filter(({ status }) => status === 401).length).toBe(5)
  expect(replies.filter(({ status }) => status === 429).length).toBe(25)
})

test('right passwords at the same time all open the door', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  const replies = await Promise.all(Array.from({ length: 12 }, () => login(shop, ann.phone, PASSWORD)))
  expect(replies.map(({ status }) => status)).toEqual(Array(12).fill(200))
})

test('the count is on disk before the password is looked at, so that a restart forgets nothing', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  const counts: number[] = []
  const count = async () => (await shop.database.db.selectFrom('sign_in_failure').select('id').execute()).length
  await guessing(shop.context, 'an account', '10.0.0.9', async () => {
    counts.push(await count())
    return null
  })
  expect(counts).toEqual([1])
  await failFiveTimes(shop, ann)
  const restarted = await openDatabase({ at: shop.context.config.database, now: shop.clock.now, onError: () => {} })
  const checked: boolean[] = []
  const attempt = guessing({ database: restarted }, `user ${ann.id}`, '10.0.0.1', async () => checked.push(true))
  await expect(attempt).rejects.toMatchObject({ status: 429 })
  expect(checked).toEqual([])
  await restarted.close()
})

test('a check that breaks costs no attempt', async () => {
  await using shop = await openProxiedShop()
  const broken = () => guessing(shop.context, 'an account', '10.0.0.9', () => Promise.reject(new Error('broken')))
  for (let i = 0; i < 7; i++) await expect(broken()).rejects.toThrow('broken')
})
