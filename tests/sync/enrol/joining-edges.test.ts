import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rebasedId } from '../../../db/fleet/id-alias.ts'
import { insertLocal } from '../../../db/local.ts'
import { insertMany, patch } from '../../../db/rows.ts'
import { keepsPin } from '../../../server/sync/enrol/history/plan.ts'
import { BY, codeFor, type Office, openOffice, write } from './office.ts'
import { HARBOUR, joinedWithHistory, kept, LONG, shopWithHistory, strangers } from './histories.ts'
import { ask, drain, expectSame, newMachine } from './terminals.ts'

/** Brands with long words, in the shop's own file. */
const brands = (shop: Office, count: number, length: number) =>
  write(shop, async (trx) => {
    const rows = Array.from({ length: count }, (_, n) => {
      const name = `Brand ${n}`
      return { name, name_key: name.toLowerCase(), description: '"'.repeat(length), starter: null, duplicate_of: null }
    })
    await insertMany(trx, 'brand', rows)
  })

test('a shop of long texts joins, and head office is sent all of it', LONG, async () => {
  await using office = await openOffice()
  const machine = kept(await shopWithHistory((shop) => brands(shop, 300, 20_000)))
  await using terminal = await joinedWithHistory(office, await codeFor(office, 'T1', HARBOUR), machine, {
    decide: strangers,
  })
  await drain([terminal])
  await expectSame(office, terminal)
})

test('a shop with a text that no message takes is refused, and stays as it is', LONG, async () => {
  await using office = await openOffice()
  const machine = kept(await shopWithHistory((shop) => brands(shop, 1, 2_500_000)))
  const before = readFileSync(machine.file)
  const code = await codeFor(office, 'T1', HARBOUR)
  await expect(joinedWithHistory(office, code, machine, { decide: strangers })).rejects.toThrow(/too large to be sent/)
  expect(readFileSync(machine.file).equals(before)).toBe(true)
})

test('what both began with and the shop had taken into use is in use at head office', LONG, async () => {
  await using office = await openOffice()
  const live = async (shop: Office) => {
    const [model] = (await shop.counter('GET', '/models?q=iPhone')).body
    const customer = { full_name: 'Carla Customer', phone: '0170 5550111' }
    const intake = { customer, device: { model_id: model.id }, estimate_cents: 9_000 }
    expect((await shop.counter('POST', '/intakes', intake)).status).toBe(201)
  }
  const machine = kept(await shopWithHistory(live))
  await using terminal = await joinedWithHistory(office, await codeFor(office, 'T1', HARBOUR), machine, {
    decide: strangers,
  })
  await drain([terminal])
  await expectSame(office, terminal)
  const { db } = office.database
  const used = await db
    .selectFrom('device')
    .innerJoin('model', 'model.id', 'device.model_id')
    .innerJoin('brand', 'brand.id', 'device.brand_id')
    .innerJoin('device_type', 'device_type.id', 'device.device_type_id')
    .select(['model.starter as model', 'brand.starter as brand', 'device_type.starter as type'])
    .execute()
  expect(used).toEqual([{ model: null, brand: null, type: null }])
  const others = db.selectFrom('brand').select('id').where('starter', '=', 1)
  expect((await others.execute()).length).toBeGreaterThan(0)
})

test('a request that was answered before is answered the same when it is sent again', LONG, async () => {
  await using office = await openOffice()
  let order = 0
  let person = 0
  let answer = ''
  const pay = { body: { amount_cents: 1_000, method: 'Cash' }, headers: { 'idempotency-key': 'pay-once' } }
  const machine = kept(
    await shopWithHistory(async (shop) => {
      const [model] = (await shop.counter('GET', '/models?q=iPhone')).body
      const customer = { full_name: 'Carla Customer', phone: '0170 5550111' }
      const intake = { customer, device: { model_id: model.id }, estimate_cents: 9_000 }
      order = (await shop.counter('POST', '/intakes', intake)).body.order_id
      person = shop.owner.id
      const paid = await shop.call('POST', `/counter/tickets/${order}/payments`, { as: shop.owner, ...pay })
      expect(paid.status, paid.text).toBe(201)
      answer = paid.text
    }),
  )
  await using terminal = await joinedWithHistory(office, await codeFor(office, 'T1', HARBOUR), machine, {
    decide: strangers,
  })
  const user_id = rebasedId(terminal.node, person)
  await terminal.database.write(BY, async (trx) => {
    const session = { id: 'test-again', user_id, surface: 'v1' as const, token_hash: null, device: null, locked_at: null, ended_at: null }
    await insertLocal(trx, 'session', { ...session, created_at: trx.act.now, expires_at: trx.act.now + 86_400_000 })
  }) // oxfmt-ignore
  const token = terminal.context.tokens.issue({ sub: user_id, sid: 'test-again' })
  const again = await terminal.call('POST', `/counter/tickets/${order}/payments`, { token, ...pay })
  expect([again.status, again.text]).toEqual([201, answer])
  expect(await terminal.database.db.selectFrom('payment_entry').select('amount_cents').execute()).toHaveLength(1)
})

test('a machine that was shut out before it said anything keeps no settings of the shop away', LONG, async () => {
  await using office = await openOffice()
  const { enrolled } = await ask(office, await codeFor(office, 'T1', HARBOUR), kept({ ...newMachine(), old: '' }))
  const node = Number(enrolled.node['id'])
  const store_id = Number(enrolled.store['id'])
  const revoked = await office.counter('POST', `/fleet/nodes/${node}/revocation`, {})
  expect(revoked.status, revoked.text).toBeLessThan(300)
  const machine = kept(
    await shopWithHistory(
      async (shop) => void (await write(shop, (trx) => patch(trx, 'store', 1, { terms: 'Terms of the shop' }))),
    ),
  )
  await using terminal = await joinedWithHistory(office, await codeFor(office, 'T2', { store_id }), machine, {
    decide: strangers,
  })
  const store = terminal.database.db.selectFrom('store').select('terms').where('id', '=', store_id)
  expect(await store.executeTakeFirst()).toEqual({ terms: 'Terms of the shop' })
})

test('a PIN stays with whom it was, and opens no more than it did', () => {
  const staff = { role: 'customer', is_staff: 1, phone_key: '49170', email_key: null }
  const admin = { ...staff, role: 'admin' }
  const [named, nameless] = [
    { ...admin, phone_key: '49171' },
    { ...admin, phone_key: null },
  ]
  expect([keepsPin(staff, staff), keepsPin(admin, admin), keepsPin(admin, staff)]).toEqual([true, true, true])
  expect(keepsPin(staff, admin), 'a higher role').toBe(false)
  expect(keepsPin(admin, named), 'another number').toBe(false)
  expect(keepsPin(nameless, nameless), 'nothing to go by').toBe(false)
})
