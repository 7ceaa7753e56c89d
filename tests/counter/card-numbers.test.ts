import { expect, test } from 'vitest'
import { openCounter } from './counter-shop.ts'

/** One card, as people and programs write it. */
const WRITTEN = [
  '4111111111111111',
  '4111.1111.1111.1111',
  '4111/1111/1111/1111',
  '٤١١١١١١١١١١١١١١١',
  '４１１１　１１１１　１１１１　１１１１',
  '4111\u200b1111\u200b1111\u200b1111',
]

test('a card number is refused in every text that is kept, however it is written, and stands in no log', async () => {
  await using shop = await openCounter()
  const { order_id, customer_id } = await shop.takeIn({ estimate_cents: 10_000 })
  const customer = (fields: object) => shop.intake({ customer: { full_name: 'Ann', phone: '0170 1', ...fields } })
  const device = (fields: object) => shop.intake({ device: { ...shop.kind, ...fields } })
  const asks: [string, string, (card: string) => object][] = [
    ['POST', '/intakes', (full_name) => customer({ full_name })],
    ['POST', '/intakes', (card) => customer({ email: `${card}@example.com` })],
    ['POST', '/intakes', (serial_number) => device({ serial_number })],
    ['POST', '/intakes', (note) => shop.intake({ note })],
    ['POST', '/intakes', (card) => shop.intake({ accessories: [card] })],
    ['POST', '/intakes', (card) => shop.intake({ condition: { [card]: 'ok' } })],
    ['PATCH', `/tickets/${order_id}`, (note) => ({ note })],
    ['POST', `/tickets/${order_id}/messages`, (text) => ({ text })],
    ['POST', `/tickets/${order_id}/payments`, (reference) => ({ amount_cents: 1, method: 'Card', reference })],
    ['PATCH', `/customers/${customer_id}`, (full_name) => ({ full_name })],
  ]
  for (const card of WRITTEN) {
    for (const [method, path, body] of asks) {
      const sent = body(card)
      const { status, text } = await shop.counter(method, path, sent)
      expect([path, sent, status]).toEqual([path, sent, 422])
      expect(text).toContain('card-number-typed')
    }
    const shopAnswer = await shop.counter('PUT', '/shop', { tax_number: card }, { as: shop.admin })
    expect(shopAnswer.text).toContain('card-number-typed')
  }
  const phone = await shop.counter('PATCH', `/customers/${customer_id}`, { phone: '4111 1111 1111 1111' })
  expect(phone.text).toContain('card-number-typed')
  expect(shop.logged.join('\n')).not.toMatch(/4111/)
})

test('IMEIs, serial numbers and phone numbers are kept', async () => {
  await using shop = await openCounter()
  for (const serial_number of ['490154203237518', 'C02XK1JQ05N', '35-209900-176148-1']) {
    const intake = shop.intake({ device: { ...shop.kind, serial_number } })
    expect((await shop.counter('POST', '/intakes', intake)).status).toBe(201)
  }
})
