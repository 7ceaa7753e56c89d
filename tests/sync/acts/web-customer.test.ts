import { expect, test } from 'vitest'
import { addPerson } from '../../support/person.ts'
import { type Member, settleAll } from '../support/fleet.ts'
import { expectInStep, openYard } from './support/yard.ts'

/** What a shop does with a customer of head office's who has ordered what lies in that shop. */

test('whatever a shop does with a web customer whom it has come to know is taken or refused there, and never put aside', async () => {
  await using yard = await openYard()
  const { north, office, stockOf } = yard
  const { category_id, model_id } = stockOf(north.store)
  const by = (member: Member, as: 'staff' | 'admin') => async (method: string, path: string, body?: object) =>
    await member.call(method, path, { token: yard.callersAt(member, north.store)[as].token, body })
  const [admin, staff] = [by(north, 'admin'), by(north, 'staff')]
  const { id: location_id } = (await admin('POST', '/counter/locations', { name: 'Harbour' })).body
  const phone = { category_id, brand: 'Apple', model: '13', name: 'iPhone 13', condition: 'A', price_cents: 5_000 }
  const { id: product_id } = (await staff('POST', '/counter/products', { ...phone, location_id })).body
  await staff('POST', `/counter/products/${product_id}/stock/receipts`, { quantity: 3 })
  const wanda = await addPerson(office.context, 'customer', { phone: '0170 5559001', full_name: 'Wanda Web' })
  await settleAll(yard)
  const items = [{ id: product_id, price: 50, quantity: 1 }]
  const ordered = await office.call('POST', '/api/orders/checkout', {
    as: wanda,
    body: { items, paymentMethod: 'cod' },
  })
  expect(ordered.status, ordered.text).toBe(200)
  await settleAll(yard)
  const intake = { customer: { id: wanda.id }, device: { model_id }, estimate_cents: 9_000 }
  const done: [method: string, path: string, body?: object][] = [
    ['PATCH', `/counter/customers/${wanda.id}`, { full_name: 'Wanda Webster' }],
    ['PATCH', `/counter/customers/${wanda.id}`, { phone: '0170 5559002' }],
    ['POST', '/counter/intakes', intake],
    ['POST', `/counter/sales-orders/${ordered.body.order_id}/payments`, { method: 'Cash' }],
    ['PATCH', `/v1/users/${wanda.id}`, { full_name: 'Wanda W.' }],
    ['PATCH', `/v1/users/${wanda.id}`, { is_active: false }],
    ['PUT', `/counter/shared-phones/${wanda.id}`, { different_people: true }],
    ['POST', `/counter/customers/${wanda.id}/claim-code`],
    ['PATCH', `/counter/people/${wanda.id}`, { job: 'staff' }],
    ['POST', `/counter/people/${wanda.id}/password`, { password: 'a long password' }],
    ['PUT', `/api/admin/orders/${ordered.body.order_id}`, { notes: 'Rings in the evening' }],
    ['DELETE', `/v1/users/${wanda.id}`],
  ]
  const refused: string[] = []
  for (const [method, path, body] of done) {
    const { status, text, body: reply } = await admin(method, path, body)
    if (status < 300) continue
    refused.push(`${method} ${path.replace(String(wanda.id), ':id')} ${status} ${reply.code}`)
    expect(status, text).toBeLessThan(500)
  }
  expect(refused).toEqual([
    'PATCH /v1/users/:id 403 person-of-head-office',
    'POST /counter/customers/:id/claim-code 403 customer-of-head-office',
    'PATCH /counter/people/:id 404 user-not-found',
    'POST /counter/people/:id/password 404 user-not-found',
    'DELETE /v1/users/:id 403 person-of-head-office',
  ])
  await expectInStep(yard)
})
