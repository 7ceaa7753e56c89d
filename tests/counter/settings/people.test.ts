import { expect, test } from 'vitest'
import { PASSWORD } from '../../support/shop.ts'
import { ANONYMOUS, browserWith, type Counter, openCounter } from '../counter-shop.ts'

const MIA = { full_name: 'Mia Bench', phone: '0170 777', job: 'staff', password: 'long enough 1' }

const asAdmin = (shop: Counter) => (method: string, path: string, body?: unknown) =>
  shop.counter(method, path, body, { as: shop.admin })
const signIn = (shop: Counter, login: string, password: string) =>
  shop.counter('POST', '/session', { login, password }, ANONYMOUS)

test('an admin adds somebody who works here, and they sign in with what they may do', async () => {
  await using shop = await openCounter()
  const call = asAdmin(shop)
  const added = await call('POST', '/people', MIA)
  expect([added.status, added.body]).toEqual([
    201,
    {
      id: added.body.id,
      full_name: 'Mia Bench',
      phone: '0170 777',
      email: null,
      job: 'staff',
      is_lead: false,
      is_active: true,
      has_pin: false,
      works_at: null,
    },
  ])
  expect((await signIn(shop, MIA.phone, MIA.password)).body.user).toMatchObject({ role: 'customer', is_staff: true })
  await call('PATCH', `/people/${added.body.id}`, { job: 'evaluator', email: 'mia@shop.example' })
  expect((await signIn(shop, 'mia@shop.example', MIA.password)).body.user).toMatchObject({ role: 'evaluator' })
  const names = (await call('GET', '/people')).body.map(({ full_name, job }: any) => [full_name, job])
  expect(names).toEqual([
    ['Ada Admin', 'admin'],
    ['Kim Clerk', 'staff'],
    ['Eve Tester', 'evaluator'],
    ['Mia Bench', 'evaluator'],
  ])
})

test('a lead approves, is staff, and is none any more in another job', async () => {
  await using shop = await openCounter()
  const call = asAdmin(shop)
  const change = async (body: object) => (await call('PATCH', `/people/${shop.staff.id}`, body)).body
  const approves = async () =>
    (await shop.counter('GET', '/staff')).body.find(({ id }: { id: number }) => id === shop.staff.id).approves
  expect([(await change({ is_lead: true })).is_lead, await approves()]).toEqual([true, true])
  expect((await shop.counter('PATCH', `/people/${shop.staff.id}`, { is_lead: true })).status).toBe(403)
  for (const id of [shop.evaluator.id, shop.admin.id])
    expect((await call('PATCH', `/people/${id}`, { is_lead: true })).body.code).toBe('lead-is-staff')
  expect(await change({ job: 'evaluator' })).toMatchObject({ job: 'evaluator', is_lead: false })
  expect([(await change({ job: 'staff' })).is_lead, await approves()]).toEqual([false, false])
  expect((await call('POST', '/people', { ...MIA, is_lead: true })).body).toMatchObject({ job: 'staff', is_lead: true })
  const evaluator = { ...MIA, phone: '0170 778', job: 'evaluator', is_lead: true }
  expect((await call('POST', '/people', evaluator)).body.code).toBe('lead-is-staff')
})

test('an admin gives a PIN with it, which must be free', async () => {
  await using shop = await openCounter()
  const call = asAdmin(shop)
  const { pin } = (await call('GET', '/session/offered-pin')).body
  const added = await call('POST', '/people', { ...MIA, pin })
  expect([added.status, added.body.has_pin]).toEqual([201, true])
  const another = { ...MIA, phone: '0170 778' }
  expect((await call('POST', '/people', { ...another, pin: '12ab' })).status).toBe(422)
  expect((await call('POST', '/people', { ...another, pin })).body.code).toBe('pin-taken')
  const browser = await shop.signIn(shop.staff)
  expect((await shop.counter('POST', '/session/switch', { pin }, browser)).body.user.full_name).toBe('Mia Bench')
})

/** What the journal tells of a person's PIN: by whom and in which act. */
const pinEntries = async (shop: Counter, { id }: { id: number }) =>
  (
    await shop.database.db
      .selectFrom('journal')
      .select(['actor', 'act', 'before', 'after'])
      .where('entity', '=', 'user')
      .where('row_id', '=', id)
      .where('act', 'like', '%/pin')
      .orderBy('seq')
      .execute()
  ).map(({ actor, act, before, after }) => ({ actor, act, bodies: `${before} ${after}` }))

test('an admin gives a PIN that is offered and takes it away; sessions go on, and the journal names who, not the digits', async () => {
  await using shop = await openCounter()
  const call = asAdmin(shop)
  const mine = await shop.signIn(shop.staff)
  const { pin } = (await call('GET', '/session/offered-pin')).body
  const given = await call('PUT', `/people/${shop.staff.id}/pin`, { pin })
  expect([given.status, given.body.has_pin]).toEqual([200, true])
  expect((await shop.counter('GET', '/staff', undefined, mine)).status).toBe(200)
  const screen = await shop.signIn(shop.evaluator)
  const switched = await shop.counter('POST', '/session/switch', { pin }, screen)
  expect(switched.body.user.id).toBe(shop.staff.id)
  shop.clock.pass(1_000)
  const taken = await call('DELETE', `/people/${shop.staff.id}/pin`)
  expect([taken.status, taken.body.has_pin]).toEqual([200, false])
  expect((await shop.counter('POST', '/session/switch', { pin }, browserWith(switched))).body.code).toBe('pin-unknown')
  expect((await shop.counter('GET', '/staff', undefined, browserWith(switched))).status).toBe(200)
  const entries = await pinEntries(shop, shop.staff)
  expect(entries.map(({ actor, act }) => [actor, act])).toEqual([
    [shop.admin.id, 'PUT /counter/people/:id/pin'],
    [shop.admin.id, 'DELETE /counter/people/:id/pin'],
  ])
  expect(entries.filter(({ bodies }) => bodies.includes(pin))).toEqual([])
})

test('a PIN that an admin gives must be free, is four to eight digits, and goes to no customer', async () => {
  await using shop = await openCounter()
  const give = ({ id }: { id: number }, pin: string) => asAdmin(shop)('PUT', `/people/${id}/pin`, { pin })
  await shop.counter('POST', '/session/pin', { pin: '4711', password: PASSWORD }, { as: shop.staff })
  expect(await give(shop.evaluator, '4711')).toMatchObject({ status: 400, body: { code: 'pin-taken' } })
  expect((await give(shop.evaluator, '12ab')).status).toBe(422)
  expect((await give(shop.customer, '4712')).status).toBe(404)
  expect((await asAdmin(shop)('DELETE', `/people/${shop.customer.id}/pin`)).status).toBe(404)
  expect((await give(shop.staff, '4711')).status).toBe(200)
})

test('an admin finds out nobody’s PIN by giving one after the other, nor by adding people with them', async () => {
  await using shop = await openCounter()
  const call = asAdmin(shop)
  await shop.counter('POST', '/session/pin', { pin: '4711', password: PASSWORD }, { as: shop.staff })
  const add = () => call('POST', '/people', { ...MIA, pin: '4711' })
  for (let n = 0; n < 5; n++) expect((await add()).status).toBe(400)
  for (let n = 0; n < 5; n++)
    expect((await call('PUT', `/people/${shop.evaluator.id}/pin`, { pin: `468${n}` })).status).toBe(200)
  expect((await call('PUT', `/people/${shop.evaluator.id}/pin`, { pin: '4711' })).status).toBe(429)
  expect((await add()).status).toBe(429)
  expect((await call('POST', '/people', { ...MIA, pin: '2580' })).status).toBe(201)
})

test('who has left is shut out at once, stays on the list, and can come back', async () => {
  await using shop = await openCounter()
  const call = asAdmin(shop)
  const browser = await shop.signIn(shop.staff)
  const leave = await call('PATCH', `/people/${shop.staff.id}`, { is_active: false })
  expect(leave.body.is_active).toBe(false)
  expect((await shop.counter('GET', '/staff', undefined, browser)).status).toBe(401)
  expect((await signIn(shop, shop.staff.phone, PASSWORD)).status).toBe(403)
  expect((await call('GET', '/people')).body.map(({ is_active }: any) => is_active)).toEqual([true, false, true])
  await call('PATCH', `/people/${shop.staff.id}`, { is_active: true })
  expect((await signIn(shop, shop.staff.phone, PASSWORD)).status).toBe(200)
})

test('nobody shuts themselves out, and the last admin stays one', async () => {
  await using shop = await openCounter()
  const change = (body: object) => asAdmin(shop)('PATCH', `/people/${shop.admin.id}`, body)
  expect((await change({ is_active: false })).body).toEqual({
    detail: 'You cannot deactivate yourself',
    code: 'cannot-deactivate-yourself',
  })
  expect((await change({ job: 'staff' })).body).toEqual({ detail: 'The last admin must stay', code: 'last-admin' })
})

test('an admin gives a new password to who forgot theirs: the PIN goes, and so do all their sessions', async () => {
  await using shop = await openCounter()
  await shop.counter('POST', '/session/pin', { pin: '2468', password: PASSWORD })
  const browser = await shop.signIn(shop.staff)
  const reset = await asAdmin(shop)('POST', `/people/${shop.staff.id}/password`, { password: 'another one 1' })
  expect(reset.status).toBe(204)
  expect((await shop.counter('GET', '/staff', undefined, browser)).status).toBe(401)
  expect((await signIn(shop, shop.staff.phone, PASSWORD)).status).toBe(401)
  expect((await signIn(shop, shop.staff.phone, 'another one 1')).body.user.has_pin).toBe(false)
})

test('a customer is no colleague: nothing here reaches them', async () => {
  await using shop = await openCounter()
  const call = asAdmin(shop)
  expect((await call('PATCH', `/people/${shop.customer.id}`, { job: 'admin' })).status).toBe(404)
  expect((await call('POST', `/people/${shop.customer.id}/password`, { password: 'another one 1' })).status).toBe(404)
})

test('people change their own password: this session goes on, their others end, and a wrong one changes nothing', async () => {
  await using shop = await openCounter()
  const [here, there] = [await shop.signIn(shop.staff), await shop.signIn(shop.staff)]
  const change = (password: string) =>
    shop.counter('POST', '/session/password', { password, new_password: 'my new one 12' }, here)
  expect((await change('wrong')).body).toEqual({ detail: 'Wrong password', code: 'password-wrong' })
  expect((await signIn(shop, shop.staff.phone, PASSWORD)).status).toBe(200)
  expect((await change(PASSWORD)).status).toBe(204)
  expect((await shop.counter('GET', '/staff', undefined, here)).status).toBe(200)
  expect((await shop.counter('GET', '/staff', undefined, there)).status).toBe(401)
  expect((await signIn(shop, shop.staff.phone, 'my new one 12')).status).toBe(200)
})

test('a new password lets somebody in whose guesses at the former one had closed the account', async () => {
  await using shop = await openCounter()
  for (let n = 0; n < 5; n++) await signIn(shop, shop.staff.phone, 'wrong')
  expect((await signIn(shop, shop.staff.phone, PASSWORD)).status).toBe(429)
  await asAdmin(shop)('POST', `/people/${shop.staff.id}/password`, { password: 'another one 1' })
  expect((await signIn(shop, shop.staff.phone, 'another one 1')).status).toBe(200)
})

test('phone and e-mail of a colleague are taken away with null, and left alone when not given', async () => {
  await using shop = await openCounter()
  const call = asAdmin(shop)
  const { id } = (await call('POST', '/people', { ...MIA, email: 'mia@shop.example' })).body
  expect((await call('PATCH', `/people/${id}`, { job: 'admin' })).body).toMatchObject({ email: 'mia@shop.example' })
  expect((await call('PATCH', `/people/${id}`, { email: null })).body).toMatchObject({ email: null, phone: '0170 777' })
})
