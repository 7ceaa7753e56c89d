import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMoney, MAX_CENTS } from '../../server/domain/money/money.ts'
import { ENGINE } from '../support/database.ts'
import { openStore } from './store-shop.ts'

/** A JSON number's own digits, as cents. */
function centsIn(text: string, field: string): bigint {
  const [, whole = '', fraction = ''] =
    new RegExp(`"${field}":(\\d+)(?:\\.(\\d{1,2}))?[,}]`).exec(text) ?? expect.fail(text)
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'))
}

const EDGES = [0, 1, 9, 10, 99, 100, 101, 115, 999_999, 1_234_567_890, MAX_CENTS - 1, MAX_CENTS]

test('an amount that goes in through one API comes out of the database and both APIs to the cent', async () => {
  await using shop = await openStore()
  const there = async (cents: number) => {
    const written = formatMoney(cents)
    const fields = { brand_name: 'Apple', model_text: 'iPhone', condition: 'A', estimated_price: written }
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    const reply = await shop.api('POST', '/tradein/pickup-requests', form)
    expect([reply.status, centsIn(reply.text, 'estimated_price')]).toEqual([201, BigInt(cents)])
    await shop.api('DELETE', `/admin/tradeins/${reply.body.id}`, undefined, { as: shop.admin })
    const product = await shop.product({ price_cents: cents })
    // Without a price it is shown only where the shop says so.
    await shop.change(product, { web: 1 })
    const shown = await shop.api('GET', `/products/${product}`)
    expect(centsIn(shown.text, 'price')).toBe(BigInt(cents))
    expect(formatMoney(Math.round(shown.body.price * 100))).toBe(written)
  }
  for (const cents of EDGES) await there(cents)
  const any = fc.integer({ min: 0, max: MAX_CENTS })
  await fc.assert(fc.asyncProperty(any, there), { numRuns: ENGINE === 'sqlite' ? 60 : 15 })
})

test('what a cart and an order come to is the sum of their lines to the cent, however many', async () => {
  await using shop = await openStore()
  const line = fc.record({ price: fc.integer({ min: 1, max: 99_999_999 }), qty: fc.integer({ min: 1, max: 4 }) })
  const property = fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (lines) => {
    const ids: number[] = []
    for (const { price, qty } of lines) {
      const product_id = await shop.product({ price_cents: price })
      expect((await shop.api('POST', '/cart/items', { product_id, qty })).status).toBeLessThan(300)
      ids.push(product_id)
    }
    const total = lines.reduce((sum, { price, qty }) => sum + BigInt(price) * BigInt(qty), 0n)
    const cart = await shop.api('GET', '/cart')
    const subtotal = cart.body.items.reduce(
      (sum: bigint, item: { line_total: number }) => sum + BigInt(Math.round(item.line_total * 100)),
      0n,
    )
    expect(subtotal).toBe(total)
    const items = cart.body.items.map((item: { product_id: number; unit_price: number; qty: number }) => ({
      id: item.product_id,
      price: item.unit_price,
      quantity: item.qty,
    }))
    const placed = await shop.api('POST', '/orders/checkout', { items, paymentMethod: 'cod' })
    expect([placed.status, placed.body]).toMatchObject([200, { success: true }])
    const mine = await shop.api('GET', '/orders/me?limit=1')
    expect(centsIn(mine.text, 'total')).toBe(total)
  })
  await fc.assert(property, { numRuns: ENGINE === 'sqlite' ? 15 : 5 })
})
