import { expect, test } from 'vitest'
import { insert, patch, remove } from '../../../db/rows.ts'
import { setPassword } from '../../../server/shop/people/users.ts'
import { bringUpToDate } from '../../../server/upkeep.ts'
import { PASSWORD } from '../../support/shop.ts'
import { ANONYMOUS, type Counter, openCounter } from '../counter-shop.ts'

const SPELLINGS = ['0044 (0) 7700-900 461', '+44 7700 900461', '07700 900461']

async function openBritishShop() {
  const shop = await openCounter()
  await shop.write((trx) => patch(trx, 'store', 1, { country: 'GB' }))
  return shop
}

const login = (shop: Counter, phone: string, password: string) =>
  shop.call('POST', '/v1/auth/login', { body: { phone, password } })

const keyOf = async (shop: Counter, id: number) =>
  (await shop.database.db.selectFrom('user').select('phone_key').where('id', '=', id).executeTakeFirstOrThrow())
    .phone_key

test('one phone number is one person everywhere, however it is written', async () => {
  await using shop = await openBritishShop()
  for (const [index, phone] of SPELLINGS.entries()) {
    const body = { full_name: `Olga ${index}`, phone, password: PASSWORD }
    const reply = await shop.call('POST', '/v1/auth/register', { body })
    expect(reply.status, phone).toBe(index === 0 ? 201 : 400)
  }
  for (const phone of SPELLINGS) {
    expect((await login(shop, phone, PASSWORD)).status, phone).toBe(200)
    const customer = { full_name: 'Another', phone }
    const taken = await shop.counter('POST', '/intakes', shop.intake({ customer }))
    expect(taken.body, phone).toMatchObject({ code: 'phone-of-somebody', params: { name: 'Olga 0' } })
    const colleague = { full_name: 'Colleague', phone, job: 'staff', password: PASSWORD }
    const added = await shop.counter('POST', '/people', colleague, { as: shop.admin })
    expect(added.body, phone).toMatchObject({ code: 'phone-registered' })
    const found = await shop.counter('GET', `/customers?q=${encodeURIComponent(phone)}`)
    expect(found.body, phone).toMatchObject([{ full_name: 'Olga 0', phone: SPELLINGS[0] }])
    const searched = await shop.counter('GET', `/search?q=${encodeURIComponent(phone)}`)
    expect(searched.body.customers, phone).toMatchObject([{ full_name: 'Olga 0', phone: SPELLINGS[0] }])
    const signedIn = await shop.counter('POST', '/session', { login: phone, password: PASSWORD }, ANONYMOUS)
    expect(signedIn.body.code, phone).not.toBe('credentials-invalid')
  }
})

test('keys of before are made anew, only those that change; two people of one number both stay and are listed', async () => {
  await using shop = await openCounter()
  const olga = await shop.person('customer', { full_name: 'Olga', phone: '07700 900461' })
  const twin = await shop.person('staff', { full_name: 'Olga at work', phone: '+44 7700 900461' })
  const otto = await shop.person('customer', { full_name: 'Otto', phone: '+44 20 7946 0999' })
  await bringUpToDate(shop.context)
  expect([await keyOf(shop, olga.id), await keyOf(shop, twin.id)]).toEqual(['07700900461', '+447700900461'])
  expect((await shop.counter('GET', '/shared-phones')).body).toEqual([])

  await shop.write((trx) => patch(trx, 'store', 1, { country: 'GB' }))
  expect((await login(shop, '07700 900461', PASSWORD)).status).toBe(200)
  const ids = [olga, twin, otto].map(({ id }) => id)
  const users = () =>
    shop.database.db
      .selectFrom('journal')
      .select('seq')
      .where('entity', '=', 'user')
      .where('row_id', 'in', ids)
      .execute()
  const before = (await users()).length
  await bringUpToDate(shop.context)
  expect(await users()).toHaveLength(before + 1)
  expect([await keyOf(shop, olga.id), await keyOf(shop, twin.id)]).toEqual(['+447700900461', '+447700900461'])
  expect((await shop.counter('GET', '/shared-phones')).body).toEqual([
    [
      { id: olga.id, full_name: 'Olga', phone: '07700 900461', works_here: false },
      { id: twin.id, full_name: 'Olga at work', phone: '+44 7700 900461', works_here: true },
    ],
  ])
  await bringUpToDate(shop.context)
  expect(await users()).toHaveLength(before + 1)
})

test('who has left does not take the place of those who share a number', async () => {
  await using shop = await openCounter()
  const add = (full_name: string, phone_key: string) =>
    shop.write((trx) =>
      insert(trx, 'user', {
        full_name,
        phone: phone_key,
        phone_key,
        role: 'customer',
        is_staff: false,
        is_active: true,
      }),
    )
  for (let n = 10; n < 35; n++) {
    const former = await add('Former', `55500${n}`)
    await shop.write((trx) => remove(trx, 'user', former))
    await add('New', `55500${n}`)
  }
  const ids = [await add('Olga', '5559999'), await add('Otto', '5559999')]
  const { body } = await shop.counter('GET', '/shared-phones')
  expect(body.map((people: { id: number }[]) => people.map(({ id }) => id))).toEqual([ids])
})

test('the desk says that two people share a phone: they leave the list, until that is taken back or a third comes', async () => {
  await using shop = await openBritishShop()
  const olga = await shop.person('customer', { full_name: 'Olga', phone: '07700 900461' })
  const otto = await shop.person('customer', { full_name: 'Otto', phone: '07700 900462' })
  const third = await shop.person('customer', { full_name: 'Ola', phone: '07700 900463' })
  const bear = (id: number) => shop.write((trx) => patch(trx, 'user', id, { phone_key: '+447700900461' }))
  await bear(otto.id)
  const listed = async () =>
    (await shop.counter('GET', '/shared-phones')).body.map((people: any[]) => people.map(({ full_name }) => full_name))
  const tell = (different_people: boolean, as = shop.staff) =>
    shop.counter('PUT', `/shared-phones/${olga.id}`, { different_people }, { as })
  expect(await listed()).toEqual([['Olga', 'Otto']])
  expect((await tell(true, shop.evaluator)).status).toBe(403)
  expect(await tell(true)).toMatchObject({ status: 200, body: [] })
  expect(await listed()).toEqual([])
  await tell(false)
  expect(await listed()).toEqual([['Olga', 'Otto']])
  await tell(true)
  await bear(third.id)
  expect(await listed()).toEqual([['Olga', 'Otto', 'Ola']])
  await tell(true)
  await shop.counter('PATCH', `/customers/${third.id}`, { full_name: 'Ola', phone: '07700 900463' })
  expect(await listed()).toEqual([])
  await shop.counter('PATCH', `/customers/${third.id}`, { phone: '07700 900464' })
  await bear(third.id)
  expect(await listed()).toEqual([['Olga', 'Otto', 'Ola']])
  expect((await shop.counter('PUT', '/shared-phones/999', { different_people: true })).status).toBe(404)
})

test('where two people have one number, the one whose password fits signs in, who works here first', async () => {
  await using shop = await openCounter()
  const olga = await shop.person('customer', { full_name: 'Olga', phone: '07700 900461' })
  const twin = await shop.person('staff', { full_name: 'Olga at work', phone: '+44 7700 900461' })
  await shop.write((trx) => patch(trx, 'store', 1, { country: 'GB' }))
  await bringUpToDate(shop.context)
  const who = async (password: string) => (await login(shop, '0044 7700 900461', password)).body.user?.id
  expect(await who(PASSWORD)).toBe(twin.id)
  const hash = await shop.context.passwords.hash('her other one')
  await shop.write((trx) => setPassword(trx, olga.id, hash))
  expect(await who('her other one')).toBe(olga.id)
  for (let guess = 0; guess < 4; guess++) expect((await login(shop, '07700 900461', 'a guess')).status).toBe(401)
  expect(await who('her other one')).toBe(olga.id)
  expect((await login(shop, '07700 900461', 'a guess')).status).toBe(401)
  expect((await login(shop, '07700 900461', PASSWORD)).status, 'her own sign-in clears no guesses at the other').toBe(
    429,
  )
})
