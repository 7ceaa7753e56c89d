import { expect, test } from 'vitest'
import { z } from 'zod'
import { openRepairShop } from '../v1/repair-shop.ts'
import { encoderOf } from '../../server/http/encode.ts'
import { flag, id, instant, money, oneOf, optional, text } from '../../server/http/fields.contract.ts'

const Schema = z.object({
  id: id(),
  cost: money(),
  at: instant().nullable(),
  done: flag(),
  note: optional(text()),
  list: z.array(z.object({ word: oneOf(['a', 'b']), more: z.record(z.string(), money()) })),
  plain: z.string().nullable(),
})

const VALUES = [
  { id: 1, cost: 1_050, at: 0, done: true, note: 'x', list: [{ word: 'a', more: { fee: 5 } }], plain: null },
  { id: 2 ** 52, cost: 0, at: null, done: false, note: undefined, list: [], plain: 'y' },
  { id: 3, cost: 9_999_999_999, at: Date.UTC(2026, 0, 1), done: true, list: [{ word: 'b', more: {} }], plain: 'z' },
] as z.output<typeof Schema>[]

test('a reply is encoded as zod encodes it', () => {
  const encode = encoderOf(Schema)
  for (const value of VALUES) expect(JSON.stringify(encode(value))).toBe(JSON.stringify(z.encode(Schema, value)))
})

test('fields that the schema does not have fall away, also within lists', () => {
  const value = { ...VALUES[0]!, secret: 1, list: [{ word: 'a', more: {}, secret: 2 }] }
  expect(JSON.stringify(encoderOf(Schema)(value))).not.toContain('secret')
})

test('a row’s own columns never reach a reply', async () => {
  await using shop = await openRepairShop()
  const { order_id } = await shop.payment()
  for (const path of ['/orders', `/orders/${order_id}`, '/payments', '/users', '/devices', '/assigns'])
    expect((await shop.v1('GET', path)).text).not.toMatch(
      /_cents|_key|store_id|deleted_at|ticket_number|opened_by|role/,
    )
})
