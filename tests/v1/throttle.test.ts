import { expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { openRegistrations } from '../../server/http/bounds/registrations.ts'
import { throttleAttempts } from '../../server/shop/people/sign-in-throttle.ts'
import { openShop, PASSWORD, type Person, type Reply, type Shop } from '../support/shop.ts'

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

test('a wrong guess is on disk before it is answered, so that a restart forgets none', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  await failFiveTimes(shop, ann)
  const restarted = await openDatabase({ at: shop.context.config.database, now: shop.clock.now, onError: () => {} })
  const checked: boolean[] = []
  const attempt = guess({ ...shop.context, database: restarted }, `user ${ann.id}`, async () => checked.push(true))
  await expect(attempt).rejects.toMatchObject({ status: 429 })
  expect(checked).toEqual([])
  await restarted.close()
})

test('a guess that cannot be written down is answered alike, right or wrong', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  shop.database.setDamage('page 21')
  for (const password of ['a wrong one', PASSWORD]) {
    const reply = await login(shop, ann.phone, password)
    expect([reply.status, reply.body.detail]).toEqual([503, expect.stringContaining('nothing can be saved')])
  }
})

test('a right password is one write, a wrong one too', async () => {
  await using shop = await openProxiedShop()
  const ann = await shop.person('customer')
  let writes = 0
  const { write } = shop.database
  shop.database.write = (by, run) => (writes++, write(by, run))
  expect((await login(shop, ann.phone, PASSWORD)).status).toBe(200)
  expect(writes).toBe(1)
  expect((await login(shop, ann.phone)).status).toBe(401)
  expect(writes).toBe(2)
})

test('a check that breaks costs no attempt', async () => {
  await using shop = await openProxiedShop()
  const broken = () => guess(shop.context, 'an account', () => Promise.reject(new Error('broken')))
  for (let i = 0; i < 7; i++) await expect(broken()).rejects.toThrow('broken')
})

test('the hundred-and-first who waits at one address is asked to come back, others are served', async () => {
  await using shop = await openProxiedShop()
  const [ann, bob] = [await shop.person('customer'), await shop.person('customer')]
  const { matches } = shop.context.passwords
  const gate = Promise.withResolvers<void>()
  shop.context.passwords.matches = async (...asked) => (
    asked[2] === '10.0.0.1' && (await gate.promise),
    matches(...asked)
  )
  const crowd = Array.from({ length: 100 }, () => login(shop, ann.phone, PASSWORD))
  await expect.poll(() => shop.context.passwords.pendingGuesses.size).toBe(100)
  const refused = await login(shop, bob.phone, PASSWORD)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10'])
  expect((await login(shop, bob.phone, PASSWORD, '10.0.0.2')).status).toBe(200)
  gate.resolve()
  expect((await Promise.all(crowd)).map(({ status }) => status)).toEqual(Array(100).fill(200))
  expect((await login(shop, bob.phone, PASSWORD)).status).toBe(200)
})

/** A crowd is hashed at the lowest priority: beside busy programs that takes its time. */
const PATIENT = { timeout: 180_000 }

test(
  'registrations that wait in too long a line are refused, and delay nobody at another address',
  PATIENT,
  async () => {
    await using shop = await openShop({ config: { trustedProxies: ['loopback'], bcryptCost: 8 } })
    shop.context.run.registrations = openRegistrations({ each: 1_000 })
    let answered = 0
    const register = async (n: number, address: string) => {
      const body = { full_name: 'Ann', phone: `700${n}`, password: PASSWORD }
      const reply = await shop.call('POST', '/v1/auth/register', { body, headers: { 'x-forwarded-for': address } })
      if (reply.status === 201) answered++
      return reply
    }
    const line = Array.from({ length: 140 }, (_, n) => register(n, '10.0.0.1'))
    expect((await Promise.race(line.map(refusalOf))).headers.get('retry-after')).toBe('10')
    expect((await register(1_000, '10.0.0.2')).status).toBe(201)
    expect(answered).toBeLessThan(100)
    const statuses = (await Promise.all(line)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([201, 429]))
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(100)
    expect((await register(1_001, '10.0.0.1')).status).toBe(201)
  },
)

/** Settles for a refusal alone. */
const refusalOf = async (reply: Promise<Reply>) =>
  (await reply).status === 429 ? await reply : await new Promise<never>(() => {})

const guess = (context: Shop['context'], account: string, check: () => Promise<unknown>) =>
  throttleAttempts(
    { ...context, write: (run) => context.database.write({ actor: null, device: null, act: 'test' }, run) },
    { account, address: '10.0.0.1', check, effect: async () => true },
  )
