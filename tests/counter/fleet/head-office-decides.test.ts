import { expect, test } from 'vitest'
import { insertMany } from '../../../db/rows.ts'
import { NODE_SPAN } from '../../../server/domain/ids.ts'
import { becomeRole } from '../../support/other-chain.ts'
import { openCounter } from '../counter-shop.ts'

/** As head office, another node, has put it into the catalogue. */
const BRAND = NODE_SPAN + 1

/** A terminal, and its admin at it. */
async function openTerminal() {
  const shop = await openCounter()
  await shop.write((trx) => insertMany(trx, 'brand', [{ name: 'Zorro', name_key: 'zorro', starter: true }], [BRAND]))
  await becomeRole(shop.database, 'terminal')
  const ask = (method: string, path: string, body?: unknown) => shop.counter(method, path, body, { as: shop.admin })
  const { id: _, code: __, former_taxes: ___, currency_fixed: ____, ...settings } = (await ask('GET', '/shop')).body
  return { ...shop, ask, settings }
}

const REFUSED = { status: 409, body: { code: 'changed-at-head-office' } }

test('what head office decides is refused at a terminal at once, and nothing of it is kept', async () => {
  await using shop = await openTerminal()
  expect(await shop.ask('POST', '/categories', { name: 'Radios' })).toMatchObject(REFUSED)
  expect(await shop.ask('POST', '/trade-in-deductions', { name: 'Scratch', percent_tenths: 50 })).toMatchObject(REFUSED)
  expect(await shop.ask('PUT', '/shop', { ...shop.settings, currency: 'EUR' })).toMatchObject(REFUSED)
  const radios = shop.database.db.selectFrom('category').select('id').where('name', '=', 'Radios')
  expect(await radios.execute()).toEqual([])
})

test('a shop goes on deciding its own settings, and takes a brand of head office into use', async () => {
  await using shop = await openTerminal()
  expect((await shop.ask('PUT', '/shop', { ...shop.settings, phone: '0170 5550001' })).status).toBe(200)
  const { device_type_id } = shop.kind
  const device = { brand_name: 'Zorro', model_name: 'Z23', device_type_id }
  const taken = await shop.ask('POST', '/intakes', shop.intake({ device }))
  expect(taken.status, taken.text).toBe(201)
  const brands = shop.database.db.selectFrom('brand').select(['id', 'starter']).where('name_key', '=', 'zorro')
  expect(await brands.execute()).toEqual([{ id: BRAND, starter: null }])
})

test('a machine that is alone decides all of it', async () => {
  await using shop = await openCounter()
  const added = await shop.counter('POST', '/categories', { name: 'Radios' }, { as: shop.admin })
  expect(added.status).toBe(201)
})
