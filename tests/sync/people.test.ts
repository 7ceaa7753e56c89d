import { expect, test } from 'vitest'
import { patch } from '../../db/rows.ts'
import { sealHash } from '../../server/sync/people/sealed-hash.ts'
import { journalOf } from '../support/journal.ts'
import { PASSWORD } from '../support/shop.ts'
import { drain, type Member, takeIn } from './support/fleet.ts'
import { cookieOf, hashesAt, openPeople, signInAt } from './support/people.ts'

const NEWER = 'a newer password'
const MIA = { full_name: 'Mia Bench', phone: '0170 7770001' }
const pull = drain
const cut = (member: Member) => void (member.line.now = () => 'request lost')

test('who was hired at head office signs in at a shop by asking it, and the second time with the cable out', async () => {
  await using fleet = await openPeople()
  const [north, south] = fleet.shops as [Member, Member]
  const mia = await fleet.hire(MIA, null)
  await pull(fleet)
  expect([...(await hashesAt(north)).keys()]).not.toContain(mia)
  cut(north)
  const first = await signInAt(north, MIA.phone)
  expect([first.status, first.body.code, first.headers.get('retry-after')]).toEqual([
    503,
    'first-sign-in-needs-line',
    '30',
  ])
  north.line.now = () => 'good'
  expect((await signInAt(north, MIA.phone, 'a wrong password')).body.code).toBe('credentials-invalid')
  const signedIn = await signInAt(north, MIA.phone)
  expect([signedIn.status, signedIn.body.user]).toMatchObject([200, { id: mia, full_name: MIA.full_name }])
  cut(north)
  expect((await signInAt(north, MIA.phone)).status).toBe(200)
  expect((await signInAt(north, MIA.phone, 'a wrong password')).body.code).toBe('credentials-invalid')
  expect([...(await hashesAt(south)).keys()]).not.toContain(mia)
})

test('a new password refuses the old one at a shop as soon as that hears of it, and is asked for once', async () => {
  await using fleet = await openPeople()
  const [north, south] = fleet.shops as [Member, Member]
  const mia = await fleet.hire(MIA, null)
  await pull(fleet)
  for (const shop of [north, south]) expect((await signInAt(shop, MIA.phone)).status).toBe(200)
  const atSouth = cookieOf(await signInAt(south, MIA.phone))
  expect((await south.call('GET', '/counter/staff', atSouth)).status).toBe(200)
  const reset = await fleet.office.counter('POST', `/people/${mia}/password`, { password: NEWER })
  expect(reset.status).toBe(204)
  // Nobody has heard of it yet.
  cut(south)
  expect((await signInAt(south, MIA.phone)).status).toBe(200)
  await pull(fleet)
  expect((await south.call('GET', '/counter/staff', atSouth)).status).toBe(401)
  cut(south)
  for (const password of [PASSWORD, NEWER])
    expect((await signInAt(south, MIA.phone, password)).body.code).toBe('new-password-needs-line')
  south.line.now = () => 'good'
  expect((await signInAt(south, MIA.phone)).body.code).toBe('credentials-invalid')
  expect((await signInAt(south, MIA.phone, NEWER)).status).toBe(200)
  cut(south)
  expect((await signInAt(south, MIA.phone, NEWER)).status).toBe(200)
})

test('who works at all shops changes their own password at any of them: head office sets it, and the other shop asks for it', async () => {
  await using fleet = await openPeople()
  const [north, south] = fleet.shops as [Member, Member]
  const mia = await fleet.hire(MIA, null)
  await pull(fleet)
  const atNorth = cookieOf(await signInAt(north, MIA.phone))
  const another = cookieOf(await signInAt(north, MIA.phone))
  const atSouth = cookieOf(await signInAt(south, MIA.phone))
  const change = (body: object) => north.call('POST', '/counter/session/password', { ...atNorth, body })
  const isIn = async (member: Member, as: object) => (await member.call('GET', '/counter/staff', as)).status
  cut(north)
  const needsLine = await change({ password: PASSWORD, new_password: NEWER })
  expect([needsLine.status, needsLine.body.code]).toEqual([503, 'password-change-needs-line'])
  north.line.now = () => 'good'
  expect((await change({ password: 'a wrong one', new_password: NEWER })).body.code).toBe('password-wrong')
  expect((await change({ password: PASSWORD, new_password: NEWER })).status).toBe(204)
  expect([await isIn(north, atNorth), await isIn(north, another), await isIn(south, atSouth)]).toEqual([200, 401, 200])
  await pull(fleet)
  expect([await isIn(north, atNorth), await isIn(south, atSouth)]).toEqual([200, 401])
  for (const shop of [north, south]) {
    expect((await signInAt(shop, MIA.phone)).body.code).toBe('credentials-invalid')
    expect((await signInAt(shop, MIA.phone, NEWER)).status).toBe(200)
  }
  const { actor } = (await journalOf(fleet.office.database)).findLast(
    ({ entity, row_id }) => entity === 'user' && row_id === mia,
  )!
  expect(actor).toBe(mia)
})

test('passwords of a shop’s own people travel without being asked for: up from where they were set, and down to their shop alone', async () => {
  await using fleet = await openPeople()
  const { office } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const atNorth = await fleet.hire(MIA, north.store)
  await fleet.settle()
  expect((await hashesAt(north)).get(atNorth)).toBe((await hashesAt(office)).get(atNorth))
  expect((await hashesAt(south)).has(atNorth)).toBe(false)
  cut(north)
  const signedIn = await signInAt(north, MIA.phone)
  expect(signedIn.status).toBe(200)
  const change = { password: PASSWORD, new_password: NEWER }
  expect((await north.call('POST', '/counter/session/password', { ...cookieOf(signedIn), body: change })).status).toBe(
    204,
  )
  await drain(fleet)
  // The op has come, and the hash not yet: neither password is known at head office.
  expect((await signInAt(office, MIA.phone)).body.code).toBe('password-on-its-way')
  await fleet.settle()
  expect((await hashesAt(office)).get(atNorth)).toBe((await hashesAt(north)).get(atNorth))
  const bodies = (await journalOf(office.database)).map(({ before, after }) => `${before} ${after}`).join('\n')
  expect(bodies).not.toContain('$2b$')
})

test('who is shut out, gets another role or reach at head office is signed out at the shop as soon as it hears of that', async () => {
  await using fleet = await openPeople()
  const { office } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const changes = [{ is_active: false }, { job: 'evaluator' }, { works_at: south.store }]
  for (const [n, change] of changes.entries()) {
    const person = { full_name: `Person ${n}`, phone: `0170 888000${n}` }
    const id = await fleet.hire(person, null)
    await pull(fleet)
    const here = cookieOf(await signInAt(north, person.phone))
    expect((await office.counter('PATCH', `/people/${id}`, change)).status).toBe(200)
    expect((await north.call('GET', '/counter/staff', here)).status).toBe(200)
    await pull(fleet)
    expect((await north.call('GET', '/counter/staff', here)).status).toBe(401)
  }
  const refusals = await Promise.all([0, 1, 2].map((n) => signInAt(north, `0170 888000${n}`)))
  expect(refusals.map(({ body }) => body.code ?? body.user.role)).toEqual([
    'user-inactive',
    'evaluator',
    'works-elsewhere',
  ])
  expect((await signInAt(south, '0170 8880002')).status).toBe(200)
  // Nothing of whoever works elsewhere is kept.
  const gone = await north.database.db
    .selectFrom('credential')
    .innerJoin('user', 'user.id', 'user_id')
    .select('full_name')
    .execute()
  expect(gone.map(({ full_name }) => full_name)).not.toContain('Person 2')
})

test('a stolen terminal gets no hash of the people of other stores, of customers, or of who never signed in there', async () => {
  await using fleet = await openPeople()
  const { office } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const people = {
    ofNorth: await fleet.hire(MIA, north.store),
    ofSouth: await fleet.hire({ full_name: 'Sue South', phone: '0170 7770002' }, south.store),
    ofAll: await fleet.hire({ full_name: 'Olga Owner', phone: '0170 7770003', job: 'admin' }, null),
  }
  const customer = await north.counter('POST', '/intakes', {
    customer: { full_name: 'Cora', phone: '0170 7770004' },
    device: { model_id: fleet.catalogue.model_id },
  })
  await north.call('POST', '/counter/claim', { body: { code: customer.body.claim_code.code, password: PASSWORD } })
  await fleet.settle()
  const cora = customer.body.customer_id as number
  expect((await hashesAt(office)).has(cora)).toBe(true)
  const wire = fleet.wires.get(north)!
  const wanted = await wire.call('/credentials', { give: [], codes: [], want: [...Object.values(people), cora] })
  expect(wanted.body.given.map(({ user_id }: { user_id: number }) => user_id)).toEqual([people.ofNorth])
  const asked = (phone: string, password = PASSWORD) => wire.call('/sign-in', { login: phone, password })
  const elsewhere = await asked('0170 7770002')
  expect([elsewhere.status, elsewhere.body.error]).toEqual([422, 'works-elsewhere'])
  const ofCustomer = await asked('0170 7770004')
  expect(ofCustomer.body).toEqual({ user_id: cora, sealed: null })
  const wireOfSouth = fleet.wires.get(south)!
  expect((await wireOfSouth.call('/sign-in', { login: '0170 7770004', password: PASSWORD })).body.error).toBe(
    'credentials-invalid',
  )
})

test('a stolen terminal gives head office a password for the people of its store alone, and none in place of one that is there', async () => {
  await using fleet = await openPeople()
  const { office } = fleet
  const [north, south] = fleet.shops as [Member, Member]
  const people = {
    ofNorth: await fleet.hire(MIA, north.store),
    ofSouth: await fleet.hire({ full_name: 'Sue South', phone: '0170 7770002' }, south.store),
    ofAll: await fleet.hire({ full_name: 'Olga Owner', phone: '0170 7770003', job: 'admin' }, null),
  }
  await fleet.settle()
  const before = await hashesAt(office)
  const password_hash = await north.context.passwords.hash('known to the thief')
  const give = async (user_id: number, version: string) => ({
    user_id,
    sealed: await sealHash(office.context.keys.publicKeys.seal, { user_id, version, password_hash }),
  })
  const versionOf = async (id: number) =>
    (
      await office.database.db
        .selectFrom('user')
        .select('password_version')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).password_version!
  const gifts = await Promise.all(Object.values(people).map(async (id) => await give(id, await versionOf(id))))
  const wire = fleet.wires.get(north)!
  const reply = await wire.call('/credentials', { give: gifts, codes: [], want: [] })
  // Of its own person head office has it, and keeps what it has.
  expect(reply.body.taken).toEqual([people.ofNorth])
  expect(await hashesAt(office)).toEqual(before)
  // What it writes of others is quarantined, and its hash with it.
  await north.write(async (trx) => {
    for (const id of [people.ofSouth, people.ofAll])
      await patch(trx, 'user', id, { password_version: 'ffffffffffff-0000-00000000' })
  })
  await drain(fleet)
  const again = await Promise.all([people.ofSouth, people.ofAll].map((id) => give(id, 'ffffffffffff-0000-00000000')))
  expect((await wire.call('/credentials', { give: again, codes: [], want: [] })).body.taken).toEqual([])
  expect(await hashesAt(office)).toEqual(before)
  expect((await signInAt(office, '0170 7770003', 'known to the thief')).status).toBe(401)
})

test('a shop refuses at once what head office would not believe: passwords, jobs and reach of who works at all shops or elsewhere', async () => {
  await using fleet = await openPeople()
  const [north, south] = fleet.shops as [Member, Member]
  const ofAll = await fleet.hire(MIA, null)
  const ofSouth = await fleet.hire({ full_name: 'Sue South', phone: '0170 7770002' }, south.store)
  await fleet.settle()
  const codeOf = async (method: string, path: string, body: object) => {
    const reply = await north.counter(method, path, body)
    return reply.body?.code ?? reply.status
  }
  expect(await codeOf('POST', `/people/${ofAll}/password`, { password: NEWER })).toBe('person-of-head-office')
  expect(await codeOf('PATCH', `/people/${ofAll}`, { job: 'admin' })).toBe('person-of-head-office')
  expect(await codeOf('PATCH', `/people/${ofAll}`, { works_at: north.store })).toBe('person-of-head-office')
  // A PIN stays here, whoever it is of.
  expect(await codeOf('PUT', `/people/${ofAll}/pin`, { pin: '4711' })).toBe(200)
  expect(await codeOf('PATCH', `/people/${ofSouth}`, { job: 'admin' })).toBe('user-not-found')
  const staff = (await north.counter('GET', '/staff')).body.map(({ full_name }: { full_name: string }) => full_name)
  expect(staff).toContain(MIA.full_name)
  expect(staff).not.toContain('Sue South')
  const added = { full_name: 'New', phone: '0170 7770009', job: 'staff', password: PASSWORD }
  expect(await codeOf('POST', '/people', { ...added, works_at: null })).toBe('person-of-head-office')
  const hired = await north.counter('POST', '/people', added)
  expect([hired.status, hired.body.works_at]).toEqual([201, north.store])
  expect((await north.counter('GET', '/people/reaches')).body).toEqual({
    all: false,
    stores: [{ id: north.store, name: 'Shop 1' }],
  })
  const all = (await fleet.office.counter('GET', '/people/reaches')).body
  expect([all.all, all.stores.length]).toEqual([true, 3])
  await fleet.settle()
  const quarantined = await fleet.office.database.db.selectFrom('quarantine').selectAll().execute()
  expect(quarantined).toEqual([])
  expect((await hashesAt(fleet.office)).has(hired.body.id)).toBe(true)
})

test('guesses in bulk through one terminal are refused at head office, those of other terminals go on', async () => {
  await using fleet = await openPeople()
  const [north, south] = fleet.shops as [Member, Member]
  await fleet.hire(MIA, null)
  await pull(fleet)
  const [wire, other] = [fleet.wires.get(north)!, fleet.wires.get(south)!]
  const guess = (of: typeof wire, login: string, password: string) => of.call('/sign-in', { login, password })
  for (let n = 0; n < 5; n++) expect((await guess(wire, MIA.phone, `guess ${n}`)).status).toBe(422)
  const closed = await guess(wire, MIA.phone, PASSWORD)
  expect([closed.status, closed.body.error, Number(closed.headers.get('retry-after')) > 0]).toEqual([
    429,
    'too-many-attempts',
    true,
  ])
  const atNorth = await signInAt(north, MIA.phone)
  expect([atNorth.status, atNorth.body.code]).toEqual([429, 'too-many-attempts'])
  expect((await guess(other, MIA.phone, PASSWORD)).status).toBe(200)
  for (let n = 0; n < 45; n++) await guess(wire, `0170 66600${n}`, PASSWORD)
  expect((await guess(wire, '0170 6669999', PASSWORD)).status).toBe(429)
})

test('a person of one store signs in there and at head office, and not at another store', async () => {
  await using fleet = await openPeople()
  const [north, south] = fleet.shops as [Member, Member]
  await fleet.hire(MIA, north.store)
  await fleet.settle()
  for (const here of [north, fleet.office]) {
    const signedIn = await signInAt(here, MIA.phone)
    expect([signedIn.status, signedIn.body.user.works_everywhere]).toEqual([200, false])
    // Each shows them their own shop.
    expect(signedIn.body.shop).toMatchObject({ id: north.store, code: 'S2' })
  }
  expect((await signInAt(south, MIA.phone)).body.code).toBe('works-elsewhere')
  expect((await signInAt(south, MIA.phone, 'a wrong password')).body.code).toBe('credentials-invalid')
  const token = await south.call('POST', '/v1/auth/login', { body: { phone: MIA.phone, password: PASSWORD } })
  expect([token.status, token.body.code]).toEqual([403, 'works-elsewhere'])
})

test('a code that a shop gives a customer is good at head office, once, and then nowhere; there its password is known alone', async () => {
  await using fleet = await openPeople()
  const { office } = fleet
  const [north] = fleet.shops as [Member]
  const { claim_code, customer_id } = await takeIn(north, fleet.catalogue.model_id, '0170 7770004')
  await fleet.settle()
  const claim = (member: Member) =>
    member.call('POST', '/counter/claim', { body: { code: claim_code.code, password: PASSWORD } })
  expect((await claim(office)).status).toBe(200)
  expect((await claim(office)).body.code).toBe('claim-code-invalid')
  await fleet.settle()
  expect((await claim(north)).body.code).toBe('claim-code-invalid')
  expect((await hashesAt(north)).has(customer_id)).toBe(false)
  const ticket = await north.counter('GET', `/customers/${customer_id}`)
  expect(ticket.body.has_password).toBe(true)
  const login = { phone: '0170 7770004', password: PASSWORD }
  const asked = await north.call('POST', '/v1/auth/login', { body: login })
  expect([asked.status, asked.body.user?.id]).toEqual([200, customer_id])
  expect((await hashesAt(north)).has(customer_id)).toBe(false)
  cut(north)
  expect((await north.call('POST', '/v1/auth/login', { body: login })).status).toBe(401)
})
