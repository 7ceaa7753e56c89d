import { expect, test } from 'vitest'
import { formOf, jpeg } from '../../api/pictures.ts'
import { openCounter } from '../counter-shop.ts'

test('an evaluator looks at a request, its photos included, and writes down the offer', async () => {
  await using shop = await openCounter()
  const fields = { brand_name: 'Apple', model_text: 'iPhone 13', condition: 'B', address_json: 'Main St 1' }
  const body = formOf(fields, [['front.jpg', await jpeg()]])
  const { id } = (await shop.call('POST', '/api/tradein/pickup-requests', { as: shop.customer, body })).body
  const as = shop.evaluator
  const call = (method: string, path: string, body?: object) => shop.counter(method, path, body, { as })
  const seen = (await call('GET', `/trade-ins/${id}`)).body
  expect(seen).toMatchObject({ brand_name: 'Apple', address: { address: 'Main St 1' }, evaluation: null })
  expect((await fetch(shop.url + seen.photos[0])).status).toBe(200)
  expect((await call('PUT', `/trade-ins/${id}/evaluation`, { status: 'offered' })).status).toBe(422)
  const offer = { final_offer_cents: 30_000, status: 'offered', diagnostics: { battery: 80 } }
  const evaluated = await call('PUT', `/trade-ins/${id}/evaluation`, offer)
  expect(evaluated.body).toMatchObject({
    status: 'offered',
    evaluation: { tester_id: as.id, final_offer_cents: 30_000, diagnostics: { battery: 80 }, parts_replaced: null },
  })
  expect((await call('GET', '/trade-ins?status=offered')).body).toEqual([evaluated.body])
  expect((await call('GET', '/trade-ins?status=accepted')).body).toEqual([])
  expect((await call('GET', '/trade-ins/999')).status).toBe(404)
})

test.each(['accept', 'reject'])('after %s an offer is another only when the customer is asked anew', async (action) => {
  await using shop = await openCounter()
  const body = formOf({ brand_name: 'Apple', model_text: 'iPhone 13', condition: 'B' })
  const { id } = (await shop.call('POST', '/api/tradein/pickup-requests', { as: shop.customer, body })).body
  const evaluate = (found: object) => shop.counter('PUT', `/trade-ins/${id}/evaluation`, found)
  const byAdmin = (found: object) =>
    shop.call('PUT', `/api/admin/tradeins/${id}/evaluate`, { as: shop.admin, body: found })
  const answer = () =>
    shop.call('POST', `/api/tradein/pickup-requests/${id}/respond`, { as: shop.customer, body: { action } })
  await evaluate({ final_offer_cents: 30_000, status: 'offered' })
  await answer()
  const refused = 'The customer has answered this offer: another one has to be offered anew'
  for (const status of [undefined, 'accepted', 'rejected', 'collected'] as const) {
    const reply = await evaluate({ final_offer_cents: 20_000, status })
    expect([reply.status, reply.body.detail]).toEqual([400, refused])
  }
  expect((await byAdmin({ final_offer: 200 })).body.detail).toBe(refused)
  expect((await byAdmin({ final_offer: 300, notes: 'Fetched' })).body.evaluation).toMatchObject({ notes: 'Fetched' })
  for (const [status, final_offer_cents] of [
    ['offered', 20_000],
    ['evaluating', 25_000],
  ]) {
    expect((await evaluate({ final_offer_cents, status })).body).toMatchObject({
      status,
      evaluation: { final_offer_cents },
    })
    await evaluate({ status: 'offered' })
    expect((await answer()).status).toBe(200)
  }
})

test('the price matrix answers the store by its dates', async () => {
  await using shop = await openCounter()
  const admin = { as: shop.admin }
  const device = { brand: 'apple', model: 'IPHONE 13', storage: '256 gb', condition: 'A' }
  const estimate = async () => (await shop.call('POST', '/api/tradein/estimate', { body: device })).body.data
  expect((await estimate()).estimated_price).toBe(960)
  const price = {
    brand_id: shop.kind.brand_id,
    model: 'iPhone 13',
    storage: '256GB',
    condition: 'A',
    price_cents: 41_050,
  }
  const until = shop.clock.now() + 3_600_000
  const line = (await shop.counter('POST', '/trade-in-prices', { ...price, valid_until: until }, admin)).body
  expect(line).toMatchObject({ ...price, brand_name: 'Apple', valid_from: null, valid_until: until })
  expect(await estimate()).toEqual({ estimated_price: 410.5, service_fee: 50, net_amount: 360.5 })
  const cracked = { name: 'Cracked screen', percent_tenths: 250 }
  const deduction = (await shop.counter('POST', '/trade-in-deductions', cracked, admin)).body
  await shop.counter('PATCH', `/trade-in-prices/${line.id}`, { price_cents: 50_000 }, admin)
  expect((await estimate()).estimated_price).toBe(500)
  shop.clock.pass(2 * 3_600_000)
  expect((await estimate()).estimated_price).toBe(960)
  expect((await shop.counter('GET', '/trade-in-prices?limit=1001')).status).toBe(422)
  expect((await shop.counter('DELETE', `/trade-in-prices/${line.id}`, undefined, admin)).status).toBe(204)
  expect((await shop.counter('GET', '/trade-in-prices')).body).toEqual([])
  await shop.counter('PATCH', `/trade-in-deductions/${deduction.id}`, { name: 'Broken glass' }, admin)
  expect((await shop.counter('GET', '/trade-in-deductions')).body[0].name).toBe('Broken glass')
  expect((await shop.counter('DELETE', `/trade-in-deductions/${deduction.id}`, undefined, admin)).status).toBe(204)
  expect((await shop.counter('POST', '/trade-in-prices', { ...price, brand_id: 999 }, admin)).status).toBe(404)
})

test('the newer of two lines for the same device counts, and the dates of a line can be taken away again', async () => {
  await using shop = await openCounter()
  const admin = { as: shop.admin }
  const device = { brand: 'Apple', model: 'iPhone 13', condition: 'A' }
  const estimate = async () =>
    (await shop.call('POST', '/api/tradein/estimate', { body: device })).body.data.estimated_price
  const line = { brand_id: shop.kind.brand_id, model: 'iPhone 13', condition: 'A' }
  await shop.counter('POST', '/trade-in-prices', { ...line, price_cents: 40_000 }, admin)
  const dates = { valid_from: shop.clock.now() - 1_000, valid_until: shop.clock.now() + 1_000 }
  const newer = (await shop.counter('POST', '/trade-in-prices', { ...line, price_cents: 45_000, ...dates }, admin)).body
  shop.clock.pass(1_000)
  expect(await estimate()).toBe(400)
  const change = async (body: object) => (await shop.counter('PATCH', `/trade-in-prices/${newer.id}`, body, admin)).body
  expect(await change({ valid_until: null })).toMatchObject({ valid_from: dates.valid_from, valid_until: null })
  expect(await change({ valid_from: null })).toMatchObject({ valid_from: null, valid_until: null, price_cents: 45_000 })
  expect(await estimate()).toBe(450)
  const { id } = (await shop.counter('POST', '/trade-in-deductions', { name: 'Cracked', ...dates }, admin)).body
  const undated = await shop.counter('PATCH', `/trade-in-deductions/${id}`, { valid_until: null }, admin)
  expect(undated.body).toMatchObject({ name: 'Cracked', valid_from: dates.valid_from, valid_until: null })
})
