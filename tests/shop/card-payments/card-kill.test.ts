import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { insert } from '../../../db/rows.ts'
import { addFirstCatalogue } from '../../../server/shop/stock/first-catalogue.ts'
import { openCommandLine, serveProcess } from '../../cli/command-line.ts'
import { KEY, openStandIn, WEBHOOK_SECRET } from '../../support/stripe-stand-in.ts'

const PRICE = 89_999

/** Registers a buyer and orders one product by card; null when the server died over it. */
async function buy(url: string): Promise<number | null> {
  const post = (path: string, body: object, token = '') =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
  const registered = await post('/api/auth/register', { email: 'ann@example.com', password: 'password123' })
  const { token } = (await registered.json()) as { token: string }
  const items = [{ id: 1, price: PRICE / 100, quantity: 1 }]
  return await post('/api/orders/checkout', { items, paymentMethod: 'card' }, token).then(
    ({ status }) => status,
    () => null,
  )
}

test('a server killed between Stripe’s answer and its own row undoes the order when it is started again', async () => {
  await using cli = await openCommandLine()
  await using stripe = await openStandIn()
  await cli.look(({ write }) =>
    write({ actor: null, device: null, act: 'test' }, async (trx) => {
      await addFirstCatalogue(trx)
      const { id: brand_id } = await trx.selectFrom('brand').select('id').limit(1).executeTakeFirstOrThrow()
      const { id: category_id } = await trx.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
      const wares = { brand_id, category_id, model: 'X', name: 'X', condition: 'A' as const, price_cents: PRICE }
      const rest = {
        original_price_cents: PRICE,
        discount_tenths: 0,
        rating_hundredths: 0,
        reviews: 0,
        serialised: false,
      }
      const product_id = await insert(trx, 'product', {
        ...wares,
        ...rest,
        highlights: '[]',
        cities: '[]',
        city_keys: '|',
      })
      await insert(trx, 'stock_movement', { product_id, quantity: 1, kind: 'receipt' })
    }),
  )
  const env = { STRIPE_SECRET_KEY: KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, FIXPOINT_STRIPE_API: stripe.url }
  const args = 'url' in cli.at ? ['--database', cli.at.url] : []
  const first = await serveProcess(cli.folder, { env, args })
  stripe.done.hook = () => first.stop('SIGKILL')
  expect(await buy(first.url)).toBeNull()
  stripe.done.hook = null
  expect([...stripe.intents.values()].map(({ status }) => status)).toEqual(['requires_payment_method'])

  const second = await serveProcess(cli.folder, { env, args })
  const isPending = () =>
    cli.look(({ db }) => db.selectFrom('sales_order').select('id').where('status', '=', 'pending').executeTakeFirst())
  // Stripe is told first, and the order's own row follows.
  while ((await isPending()) !== undefined) await pause(20)
  expect([...stripe.intents.values()].map(({ status }) => status)).toEqual(['canceled'])
  await second.stop('SIGTERM')
  await cli.look(async ({ db }) => {
    expect(await db.selectFrom('sales_order').select(['status', 'cancel_reason']).execute()).toEqual([
      { status: 'cancelled', cancel_reason: 'undone' },
    ])
    const movements = await db.selectFrom('stock_movement').select('quantity').orderBy('id').execute()
    expect(movements.map(({ quantity }) => quantity)).toEqual([1, -1, 1])
  })
})
