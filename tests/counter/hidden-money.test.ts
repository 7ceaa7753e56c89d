import { expect, test } from 'vitest'
import type { z } from 'zod'
import { endpoints } from '../../server/app.ts'
import { isSchema, type ResponseShape } from '../../server/http/endpoint.ts'
import { isShopsMoney } from '../../server/http/fields.contract.ts'
import { openCounter } from './counter-shop.ts'

/** What evaluators are for, and what everybody reads in the web shop. */
const SHOWN = [/^\/counter\/(trade-in|buy-ins|devices\/:id\/timeline$)/, /^\/counter\/products(\/:id)?$/]

const schemaOf = (response: ResponseShape): z.ZodType | null =>
  isSchema(response) ? response : 'item' in response ? response.item : null

/** The names of fields that tell of money to who sees none. */
function moneyIn(schema: z.core.$ZodType): string[] {
  const def = (schema as z.ZodType).def as z.core.$ZodTypes['_zod']['def']
  if (def.type === 'object')
    return Object.entries(def.shape)
      .filter(([, field]) => !isShopsMoney(field))
      .flatMap(([name, field]) => (/_cents$|^payments$|^receipt/.test(name) ? [name] : moneyIn(field)))
  if (def.type === 'array') return moneyIn(def.element)
  if (def.type === 'nullable' || def.type === 'optional') return moneyIn(def.innerType)
  return []
}

test('no endpoint of the counter tells evaluators an amount but those of trade-ins and the web shop’s prices', () => {
  const telling = endpoints
    .filter(({ path, who }) => path.startsWith('/counter/') && who.allow.evaluator)
    .filter(({ path }) => !SHOWN.some((shown) => shown.test(path)))
    .flatMap(({ method, path, response }) => {
      const schema = schemaOf(response)
      return schema ? moneyIn(schema).map((name) => `${method} ${path} ${name}`) : []
    })
  expect(telling).toEqual([])
})

test('an evaluator reads tickets, lists, board, customers and devices without their money; the desk reads it', async () => {
  await using shop = await openCounter()
  const { order_id, customer_id, device_id, ticket_number } = await shop.takeIn({ estimate_cents: 12_345 })
  await shop.counter('PATCH', `/tickets/${order_id}`, { cost_cents: 23_456 })
  const { payment } = (
    await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 3_456, method: 'Cash' })
  ).body
  await shop.counter('POST', `/tickets/${order_id}/messages`, { text: 'called about it' })
  shop.clock.pass(1_000)
  await shop.counter('PATCH', `/tickets/${order_id}/payments/${payment.id}`, {
    amount_cents: 3_400,
    reason: 'got back 56 cents',
  })
  await shop.database.flushSearchIndex()
  const paths = [
    `/tickets/${order_id}`,
    '/repairs',
    '/board',
    '/customers?q=Ingo',
    `/customers/${customer_id}`,
    `/devices/${device_id}`,
    `/search?q=${ticket_number}`,
  ]
  for (const path of paths) {
    const { status, text } = await shop.counter('GET', path, undefined, { as: shop.evaluator })
    expect([path, status]).toEqual([path, 200])
    expect([path, text.match(/_cents|"payment|receipt|12345|23456|20056|3400|3456/g)]).toEqual([path, null])
  }
  const seen = (await shop.counter('GET', `/tickets/${order_id}`, undefined, { as: shop.evaluator })).body
  expect(seen).toMatchObject({ ticket_number, customer: { full_name: 'Ingo Intake' }, status: 'Pending' })
  const messages = ({ timeline }: { timeline: { kind: string; text: string }[] }) =>
    timeline.filter(({ kind }) => kind === 'message').map(({ text }) => text)
  expect(messages(seen)).toEqual(['called about it'])
  expect(messages(await shop.ticket(order_id))).toEqual(['called about it', 'got back 56 cents'])
  expect(await shop.ticket(order_id)).toMatchObject({ cost_cents: 23_456, payments: [{ amount_cents: 3_400 }] })
  const found = async (q: string, as = shop.staff) =>
    (await shop.counter('GET', `/search?q=${q}`, undefined, { as })).body.tickets.length
  const receipts = [payment.receipt_number, `R:${payment.receipt_number}`]
  for (const receipt of receipts) expect(await found(receipt)).toBe(1)
  await shop.takeIn()
  expect(await found(`R:${payment.receipt_number}`, shop.evaluator)).toBe(0)
})
