import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBusyCounter, type Counter } from './support/counter.ts'

/** The server does what is asked of it, and its answer never arrives. Returns what ends that, and how often it was asked. */
async function loseAnswers(page: Page, path: RegExp) {
  const keys: (string | undefined)[] = []
  await page.route(path, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    keys.push(route.request().headers()['idempotency-key'])
    await route.fetch()
    await route.abort('connectionreset')
  })
  return { keys, end: () => page.unroute(path) }
}

async function openTicketThatOwes({ shop, page }: Counter, cents: number): Promise<number> {
  const { id } = await shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', 'Pending')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('payment').select('id').whereRef('order_id', '=', 'repair_order.id'))),
    )
    .orderBy('id')
    .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/tickets/${id}`)
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.evaluate(
    ([ticket, cost_cents]) =>
      fetch(`/counter/tickets/${ticket}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ cost_cents, discount_cents: 0 }),
      }),
    [id, cents] as const,
  )
  await page.reload()
  await page
    .getByText(`${cents / 100}.00`)
    .first()
    .waitFor()
  return id
}

async function paymentsOf({ shop }: Counter, id: number) {
  const entries = await shop.database.db
    .selectFrom('payment_entry')
    .innerJoin('payment', 'payment.id', 'payment_entry.payment_id')
    .select('payment_entry.amount_cents')
    .where('payment.order_id', '=', id)
    .orderBy('payment_entry.id')
    .execute()
  return entries.map(({ amount_cents }) => amount_cents)
}

test('a part payment whose answer was lost is not taken again when something in it is changed', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const id = await openTicketThatOwes(counter, 10_000)
  const lost = await loseAnswers(page, /\/payments$/)
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.getByLabel('To pay').fill('40')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape') // The payment is under way: its change and receipt are to be seen.
  await page.getByText('this payment is never taken twice').waitFor()
  expect([lost.keys.length, new Set(lost.keys).size]).toEqual([3, 1])
  await lost.end()

  await page.getByLabel('Received').fill('50')
  await page.keyboard.press('Enter')
  await page.getByText('The payment that was sent first is saved already').waitFor()
  await page.getByText('60.00 are owed now').waitFor()
  expect(await paymentsOf(counter, id)).toEqual([4_000])

  await page.getByRole('button', { name: 'Begin anew' }).click()
  await page.getByRole('button', { name: /Take .*60\.00 in cash/ }).click()
  await page.getByText('Nothing is owed any more').waitFor()
  expect(await paymentsOf(counter, id)).toEqual([4_000, 6_000])
  expect(counter.faults).toEqual([])
})

test('a second payment of the same amount is a payment of its own, though the answer to the first was lost', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const id = await openTicketThatOwes(counter, 8_000)
  const payForty = async () => {
    await page.keyboard.press('F9')
    await page.locator('[data-autofocus]:focus').waitFor()
    await page.getByLabel('To pay').fill('40')
    await page.keyboard.press('Enter')
  }
  const lost = await loseAnswers(page, /\/payments$/)
  await payForty()
  await page.getByText('this payment is never taken twice').waitFor()
  await lost.end()
  await page.getByText('in step').waitFor({ timeout: 30_000 })
  await page.keyboard.press('Escape')
  await payForty()
  await page.getByText('Nothing is owed any more').waitFor()
  expect(await paymentsOf(counter, id)).toEqual([4_000, 4_000])
  expect(counter.faults).toEqual([])
})
