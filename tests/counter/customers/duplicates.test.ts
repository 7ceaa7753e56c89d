import { expect, test } from 'vitest'
import { insert, patch } from '../../../db/rows.ts'
import { emailKey, serialKey } from '../../../server/domain/text/fold.ts'
import { findBySerial, patchDevice } from '../../../server/shop/devices/devices.ts'
import { phoneKeys } from '../../../server/shop/people/phone-keys.ts'
import { setPassword } from '../../../server/shop/people/users.ts'
import { openCommandLine } from '../../cli/command-line.ts'
import { PASSWORD } from '../../support/shop.ts'
import { ANONYMOUS, type Counter, openCounter } from '../counter-shop.ts'

/** One person who was added at two nodes: what the second of them wrote, as it is here once it came. */

const PHONE = '+49 151 23456789'
const EMAIL = 'Olga@example.com'

/** Adds a row with the same number and address. */
const addRow = (
  shop: Pick<Counter, 'write'>,
  fields: { full_name: string; duplicate_of?: number; is_staff?: boolean },
) =>
  shop.write(async (trx) => {
    const [phone_key] = await phoneKeys(trx, PHONE)
    const contacts = { phone: PHONE, phone_key, email: EMAIL, email_key: emailKey(EMAIL) }
    return await insert(trx, 'user', { role: 'customer', is_staff: false, is_active: true, ...contacts, ...fields })
  })

const givePassword = async (shop: Counter, id: number) => {
  const hash = await shop.context.passwords.hash(PASSWORD)
  await shop.write((trx) => setPassword(trx, id, hash))
}

/** Who is signed in through each of the two APIs, by their ids; a status where nobody is. */
async function signedIn(shop: Counter, password: string) {
  const v1 = await shop.call('POST', '/v1/auth/login', { body: { phone: PHONE, password } })
  const api = await shop.call('POST', '/api/auth/token', {
    body: new URLSearchParams({ username: EMAIL, password }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  const { body: me } = await shop.call('GET', '/api/auth/me', { token: api.body.access_token })
  return { v1: v1.body.user?.id ?? v1.status, api: me.id ?? api.status }
}

test.each([
  ['first', 'unmarked', false],
  ['last', 'unmarked', false],
  ['first', 'a duplicate of it', true],
  ['last', 'the duplicate itself', true],
] as const)('of two rows with one number the %s has the password and signs in, %s', async (which, _, marked) => {
  await using shop = await openCounter()
  const first = await addRow(shop, { full_name: 'Olga' })
  const last = await addRow(shop, { full_name: 'Olga O.', ...(marked && { duplicate_of: first }) })
  const id = which === 'first' ? first : last
  await givePassword(shop, id)
  expect(await signedIn(shop, PASSWORD)).toEqual({ v1: id, api: id })
  expect(await signedIn(shop, 'wrong password')).toEqual({ v1: 401, api: 401 })
})

test('six rows without a password hide none that has one, and guesses count against that one', async () => {
  await using shop = await openCounter()
  const first = await addRow(shop, { full_name: 'Olga' })
  for (let n = 0; n < 5; n++) await addRow(shop, { full_name: `Olga ${n}`, duplicate_of: first, is_staff: true })
  const last = await addRow(shop, { full_name: 'Olga O.', duplicate_of: first })
  await givePassword(shop, last)
  expect(await signedIn(shop, PASSWORD)).toEqual({ v1: last, api: last })
  await signedIn(shop, 'wrong password')
  const failures = await shop.database.db.selectFrom('sign_in_failure').select('account').execute()
  expect(failures.map(({ account }) => account)).toEqual([`user ${last}`, `user ${last}`])
})

test('who works here signs in at the counter by the row that has the password', async () => {
  await using shop = await openCounter()
  const first = await addRow(shop, { full_name: 'Olga', is_staff: true })
  const last = await addRow(shop, { full_name: 'Olga O.', duplicate_of: first, is_staff: true })
  await givePassword(shop, last)
  for (const login of [PHONE, EMAIL]) {
    const reply = await shop.counter('POST', '/session', { login, password: PASSWORD }, ANONYMOUS)
    expect([reply.status, reply.body.user?.id]).toEqual([200, last])
  }
})

test('a code for either row is for the one with the password, which an admin alone gives', async () => {
  await using shop = await openCounter()
  const first = await addRow(shop, { full_name: 'Olga' })
  const last = await addRow(shop, { full_name: 'Olga O.', duplicate_of: first })
  await givePassword(shop, last)
  for (const id of [first, last]) {
    expect((await shop.counter('GET', `/customers/${id}`)).body.has_password).toBe(true)
    const refused = await shop.counter('POST', `/customers/${id}/claim-code`)
    expect([refused.status, refused.body.code]).toEqual([403, 'account-has-password'])
  }
  const given = await shop.counter('POST', `/customers/${first}/claim-code`, undefined, { as: shop.admin })
  const claim = { code: given.body.code, password: 'my own password' }
  expect((await shop.counter('POST', '/claim', claim, ANONYMOUS)).status).toBe(200)
  expect(await signedIn(shop, 'my own password')).toEqual({ v1: last, api: last })
})

test('a code for one row changes nothing of another person who has the number too', async () => {
  await using shop = await openCounter()
  const other = await addRow(shop, { full_name: 'Her brother' })
  const own = await addRow(shop, { full_name: 'Olga' })
  await givePassword(shop, other)
  const given = await shop.counter('POST', `/customers/${own}/claim-code`)
  expect(given.status).toBe(201)
  const claim = { code: given.body.code, password: 'my own password' }
  expect((await shop.counter('POST', '/claim', claim, ANONYMOUS)).status).toBe(200)
  expect([await signedIn(shop, 'my own password'), await signedIn(shop, PASSWORD)]).toEqual([
    { v1: own, api: own },
    { v1: other, api: other },
  ])
})

test('the desk is told the name of the row that has the password', async () => {
  await using shop = await openCounter()
  const first = await addRow(shop, { full_name: 'Olga' })
  const last = await addRow(shop, { full_name: 'Olga O.', duplicate_of: first })
  const named = async () => {
    const customer = { full_name: 'Somebody', phone: PHONE }
    const { body } = await shop.counter('POST', '/intakes', shop.intake({ customer }))
    expect(body.code).toBe('phone-of-somebody')
    return body.params.name
  }
  expect(await named()).toBe('Olga')
  await givePassword(shop, last)
  expect(await named()).toBe('Olga O.')
})

test('a customer who works here too has a code of their own, for that of the row by which they work is worth nothing', async () => {
  await using shop = await openCounter()
  const staff = await addRow(shop, { full_name: 'Olga', is_staff: true })
  const customer = await addRow(shop, { full_name: 'Olga O.', duplicate_of: staff })
  await givePassword(shop, staff)
  expect((await shop.counter('GET', `/customers/${customer}`)).body.has_password).toBe(false)
  const given = await shop.counter('POST', `/customers/${customer}/claim-code`)
  expect(given.status).toBe(201)
  const claim = { code: given.body.code, password: 'my own password' }
  expect((await shop.counter('POST', '/claim', claim, ANONYMOUS)).status).toBe(200)
  expect((await signedIn(shop, 'my own password')).v1).toBe(customer)
})

test('another row of the same person has nobody else’s number: each is changed and added beside as if it were the only one', async () => {
  await using shop = await openCounter()
  const first = await addRow(shop, { full_name: 'Olga' })
  const last = await addRow(shop, { full_name: 'Olga O.', duplicate_of: first })
  for (const id of [first, last]) {
    const changed = await shop.counter('PATCH', `/customers/${id}`, {
      full_name: `Olga ${id}`,
      phone: PHONE,
      email: EMAIL,
    })
    expect([changed.status, changed.text]).toEqual([200, expect.any(String)])
  }
  await shop.write((trx) => patch(trx, 'user', first, { unconfirmed_since: trx.act.now }))
  const beside = { full_name: 'Olga at the desk', phone: PHONE, not: first }
  expect((await shop.counter('POST', '/intakes', shop.intake({ customer: beside }))).status).toBe(201)
  const other = await addRow(shop, { full_name: 'Her brother' })
  const refused = await shop.counter('PATCH', `/customers/${other}`, { phone: PHONE })
  expect([refused.status, refused.body.code]).toEqual([400, 'phone-registered'])
})

test('of two rows of one device that which the other names is found, and each keeps its serial number', async () => {
  await using shop = await openCounter()
  const taken = (serial_number: string) =>
    shop.counter('POST', '/intakes', shop.intake({ device: { ...shop.intake().device, serial_number } }))
  const [later, first] = [await taken('SN-1'), await taken('SN-2')]
  const [id, original] = [later.body.device_id, first.body.device_id]
  await shop.write((trx) =>
    patch(trx, 'device', id, { serial_number: 'SN-2', serial_key: serialKey('SN-2'), duplicate_of: original }),
  )
  expect(await findBySerial(shop.database.db, 'sn-2')).toEqual({ id: original })
  for (const device of [id, original])
    await shop.write((trx) => patchDevice(trx, device, { own: null }, { serial_number: 'SN 2', notes: 'seen' }))
  await shop.write((trx) => patch(trx, 'device', id, { duplicate_of: null }))
  await expect(shop.write((trx) => patchDevice(trx, id, { own: null }, { serial_number: 'SN2' }))).rejects.toThrow(
    'Serial number already exists',
  )
})

test('the command that gives a new password takes two rows of one person for one', async () => {
  await using cli = await openCommandLine()
  const write: Counter['write'] = (run) =>
    cli.look((database) => database.write({ actor: null, device: null, act: 'test' }, run))
  await cli.run(['verify'])
  const first = await addRow({ write }, { full_name: 'Olga' })
  const last = await addRow({ write }, { full_name: 'Olga O.' })
  const change = () => cli.run(['user', 'password', '--phone', PHONE, '--password-stdin'], 'long enough 1\n')
  expect(await change()).toMatchObject({ code: 1, err: expect.stringContaining('Olga and of Olga O.') })
  await write((trx) => patch(trx, 'user', last, { duplicate_of: first }))
  await write((trx) => setPassword(trx, last, 'x'))
  expect(await change()).toMatchObject({ code: 0, out: 'Olga O. has a new password.\n' })
})
