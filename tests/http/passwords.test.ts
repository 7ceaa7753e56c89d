import { hash } from 'bcryptjs'
import { expect, test } from 'vitest'
import { setPassword } from '../../server/shop/people/users.ts'
import { openPasswords } from '../../server/http/auth/passwords.ts'
import { openShop } from '../support/shop.ts'

const COMPOSED = 'pässwörter é'.normalize('NFC')
const APART = COMPOSED.normalize('NFD')

test('a password is one however a keyboard composes its letters, and hashes of before still open', async () => {
  await using shop = await openShop()
  const login = async (phone: string, password: string) =>
    (await shop.call('POST', '/v1/auth/login', { body: { phone, password } })).status
  const register = (phone: string, password: string) =>
    shop.call('POST', '/v1/auth/register', { body: { full_name: 'Åsa', phone, password } })
  expect((await register('0170 5550101', APART)).status).toBe(201)
  for (const typed of [COMPOSED, APART]) expect(await login('0170 5550101', typed)).toBe(200)
  expect(await login('0170 5550101', 'passworter e')).toBe(401)

  const { id } = (await register('0170 5550102', 'another one')).body
  await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) =>
    setPassword(trx, id, await hash(APART, 4)),
  )
  for (const typed of [COMPOSED, APART]) expect(await login('0170 5550102', typed)).toBe(200)
})

test('what fits 72 bytes in one form is no longer for letters that the keyboard took apart', async () => {
  await using shop = await openShop()
  const password = 'é'.repeat(36)
  const body = { full_name: 'Åsa', phone: '0170 5550103', password: password.normalize('NFD') }
  expect((await shop.call('POST', '/v1/auth/register', { body })).status).toBe(201)
  for (const typed of [password, body.password])
    expect((await shop.call('POST', '/v1/auth/login', { body: { phone: body.phone, password: typed } })).status).toBe(
      200,
    )
  const longer = { ...body, phone: '0170 5550104', password: 'é'.repeat(37) }
  expect((await shop.call('POST', '/v1/auth/register', { body: longer })).status).toBe(422)
})

test('more than come one by one are all answered, from one address and from many', async () => {
  const passwords = openPasswords(4, () => 0)
  const many = Array.from({ length: 20 }, (_, n) => passwords.matches('a password', undefined, `10.0.0.${n % 15}`))
  expect(await Promise.all(many)).toEqual(many.map(() => false))
  await passwords.close()
})
