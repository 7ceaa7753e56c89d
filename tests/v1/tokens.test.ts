import { createHmac, generateKeyPairSync } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { expect, test } from 'vitest'
import { PASSWORD } from '../support/shop.ts'
import { openRepairShop, type RepairShop } from './repair-shop.ts'

const SECRET = 'a secret of thirty-two characters, or more'
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const sign = (head: object, body: object, secret = SECRET) => {
  const text = `${encode(head)}.${encode(body)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
const HEAD = { alg: 'HS256', typ: 'JWT' }

/** What a good token of the admin says. */
function claimsOf(shop: RepairShop) {
  const iat = Math.floor(shop.clock.now() / 1000)
  return { sub: String(shop.admin.id), sid: `test-${shop.admin.id}`, iat, exp: iat + 86_400, typ: 'access' }
}

const status = async (shop: RepairShop, authorization: string) =>
  (await shop.v1('GET', '/users', undefined, { as: undefined, headers: { authorization } })).status

test('the token that the forgeries below come from is good', async () => {
  await using shop = await openRepairShop()
  expect(await status(shop, `Bearer ${sign(HEAD, claimsOf(shop))}`)).toBe(200)
  expect(await status(shop, `bearer ${shop.admin.token}`)).toBe(200)
})

const FORGED: Record<string, (shop: RepairShop) => string | Promise<string>> = {
  'without a signature': (shop) => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claimsOf(shop))}.`,
  'of alg none with a signature': (shop) => sign({ alg: 'none' }, claimsOf(shop)),
  'signed with another key': (shop) => sign(HEAD, claimsOf(shop), 'another secret of thirty-two characters'),
  'signed with an empty key': (shop) => sign(HEAD, claimsOf(shop), ''),
  'of another algorithm': (shop) => jwt.sign(claimsOf(shop), SECRET, { algorithm: 'HS512' }),
  'of a public key': (shop) =>
    jwt.sign(claimsOf(shop), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, { algorithm: 'RS256' }),
  'that has expired': (shop) => sign(HEAD, { ...claimsOf(shop), exp: Math.floor(shop.clock.now() / 1000) - 1 }),
  'without an expiry': (shop) => sign(HEAD, { ...claimsOf(shop), exp: undefined }),
  'that begins tomorrow': (shop) => sign(HEAD, { ...claimsOf(shop), nbf: Math.floor(shop.clock.now() / 1000) + 3_600 }),
  'issued more than a minute ahead of our time': (shop) =>
    sign(HEAD, { ...claimsOf(shop), iat: Math.floor(shop.clock.now() / 1000) + 62 }),
  'of another kind': (shop) => sign(HEAD, { ...claimsOf(shop), typ: 'refresh' }),
  'of another session': (shop) => sign(HEAD, { ...claimsOf(shop), sid: 'made-up' }),
  'of somebody else’s session': (shop) => sign(HEAD, { ...claimsOf(shop), sid: `test-${shop.customer.id}` }),
  'of another user': (shop) => sign(HEAD, { ...claimsOf(shop), sub: String(shop.other.id) }),
  'with a number as sub': (shop) => sign(HEAD, { ...claimsOf(shop), sub: shop.admin.id }),
  'changed after signing': (shop) => {
    const [head, , signature] = shop.customer.token.split('.')
    return `${head}.${encode(claimsOf(shop))}.${signature}`
  },
  'with a bit of its signature turned': (shop) =>
    shop.admin.token.slice(0, -3) + (shop.admin.token.at(-3) === 'A' ? 'B' : 'A') + shop.admin.token.slice(-2),
  'that is a refresh token': async (shop) =>
    (await shop.v1('POST', '/auth/login', { phone: shop.admin.phone, password: PASSWORD })).body.tokens.refresh_token,
  'that is no token': () => 'null',
}

test('no forged token is good for anything', async () => {
  await using shop = await openRepairShop()
  for (const name of Object.keys(FORGED)) {
    const reply = await shop.v1('GET', '/users', undefined, { as: undefined, token: await FORGED[name]!(shop) })
    expect([reply.status, reply.body, reply.headers.get('www-authenticate')], name).toEqual([
      401,
      { detail: 'Could not validate credentials', code: 'session-invalid' },
      'Bearer',
    ])
  }
})

test('no header and another scheme are told from a bad token', async () => {
  await using shop = await openRepairShop()
  for (const authorization of [undefined, 'Basic YTpi', shop.admin.token, 'Bearer']) {
    const reply = await shop.v1('GET', '/users', undefined, {
      as: undefined,
      headers: authorization ? { authorization } : {},
    })
    expect([reply.status, reply.body, reply.headers.get('www-authenticate')]).toEqual([
      401,
      { detail: 'Not authenticated', code: 'not-authenticated' },
      'Bearer',
    ])
  }
})

test('a refresh token is no cookie of the counter', async () => {
  await using shop = await openRepairShop()
  const { refresh_token } = (await shop.v1('POST', '/auth/login', { phone: shop.admin.phone, password: PASSWORD })).body
    .tokens
  expect(
    (await shop.v1('GET', '/users', undefined, { as: undefined, headers: { cookie: `fixpoint=${refresh_token}` } }))
      .status,
  ).toBe(401)
})

test('a token that was good yesterday is not good today', async () => {
  await using shop = await openRepairShop()
  expect(await status(shop, `Bearer ${shop.admin.token}`)).toBe(200)
  shop.clock.pass(24 * 3_600_000)
  expect(await status(shop, `Bearer ${shop.admin.token}`)).toBe(401)
})
