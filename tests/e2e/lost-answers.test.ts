import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { PASSWORD } from '../support/shop.ts'
import { chooseModel, type Counter, openBusyCounter } from './support/counter.ts'

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
  await page.keyboard.press('Enter') // It goes on to what was given.
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
    await page.keyboard.press('Enter') // It goes on to what was given.
    await page.keyboard.press('Enter')
  }
  const lost = await loseAnswers(page, /\/payments$/)
  await payForty()
  await page.getByText('this payment is never taken twice').waitFor()
  await lost.end()
  await page.getByText('in step').waitFor()
  await page.keyboard.press('Escape')
  await payForty()
  await page.getByText('Nothing is owed any more').waitFor()
  expect(await paymentsOf(counter, id)).toEqual([4_000, 4_000])
  expect(counter.faults).toEqual([])
})

test('a dialog that is closed without an answer, and opened before the server answers, first says what was saved', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const id = await openTicketThatOwes(counter, 8_000)
  const lost = await loseAnswers(page, /\/payments$/)
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.getByLabel('To pay').fill('40')
  await page.keyboard.press('Enter') // It goes on to what was given.
  const silent = page.route(/\/counter\/tickets\/\d+$/, (route) => route.abort('connectionreset'))
  await page.keyboard.press('Enter')
  await page.getByText('this payment is never taken twice').waitFor()
  await silent
  await lost.end()
  await page.keyboard.press('Escape')
  await page.keyboard.press('F9')
  await page.getByText('nothing else is taken until then').waitFor()
  await page.keyboard.press('Enter')
  expect(await page.getByRole('button', { name: /Take .* in cash/ }).isDisabled()).toBe(true)
  expect(await paymentsOf(counter, id)).toEqual([4_000])

  await page.unroute(/\/counter\/tickets\/\d+$/)
  await page.getByText('have been saved. £40.00 are owed now').waitFor()
  await page.getByRole('button', { name: /Take .*40\.00 in cash/ }).click()
  await page.getByText('Nothing is owed any more').waitFor()
  expect(await paymentsOf(counter, id)).toEqual([4_000, 4_000])
  expect(counter.faults).toEqual([])
})

test('the browser’s Back leaves a dialog open whose payment is under way, and it is taken once', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const id = await openTicketThatOwes(counter, 8_000)
  const arrived = Promise.withResolvers<void>()
  await page.route(/\/payments$/, async (route) => {
    await arrived.promise
    await route.continue()
  })
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.getByLabel('To pay').fill('40')
  await page.keyboard.press('Enter') // It goes on to what was given.
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  for (let back = 0; back < 2; back++) {
    await page.goBack()
    await dialog.waitFor()
  }
  await page.getByRole('list', { name: 'Timeline', includeHidden: true }).waitFor()
  arrived.resolve()
  await expect.poll(() => paymentsOf(counter, id)).toEqual([4_000])
  expect(await paymentsOf(counter, id)).toEqual([4_000])
  expect(counter.faults).toEqual([])
})

/** Everything that an intake needs, of somebody new. */
async function fillIntake({ page }: Counter) {
  await page.keyboard.press('F2')
  await page.locator('[data-step=name]').fill('Nina Lost')
  await chooseModel(page, 'iPhone 13')
}

async function countIntakes({ shop }: Counter) {
  const intakes = await shop.database.db.selectFrom('intake').select('order_id').execute()
  return intakes.length
}

test('an intake whose answer was lost is opened, not taken in again, when its note is corrected', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const before = await countIntakes(counter)
  await fillIntake(counter)
  await page.getByLabel('In the customer’s words').fill('Screen crakced')
  const lost = await loseAnswers(page, /\/intakes$/)
  await page.keyboard.press('Control+Enter')
  await page.getByText('Nobody knows yet whether this was saved.').waitFor()
  await lost.end()
  await page.getByLabel('In the customer’s words').fill('Screen cracked')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByText('This ticket is what was sent first.').waitFor()
  expect(await countIntakes(counter)).toBe(before + 1)

  await page.keyboard.press('Escape')
  await page.keyboard.press('F2')
  expect(await page.getByLabel('In the customer’s words').inputValue()).toBe('Screen cracked')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  expect(await countIntakes(counter)).toBe(before + 1)
  expect(counter.faults).toEqual([])
})

test('a passcode outlives the screen but is not stored, and a discarded draft comes back on another screen', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await fillIntake(counter)
  await page.keyboard.press('Alt+p')
  await page.getByRole('textbox', { name: 'Passcode' }).fill('246810')
  await page.keyboard.press('F1')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('246810')
  await page.keyboard.press('F2')
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.keyboard.press('F1')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('F2')
  await page.getByRole('region', { name: 'Customer' }).getByText('Nina Lost').waitFor()
  await page.keyboard.press('Alt+p')
  expect(await page.getByRole('textbox', { name: 'Passcode' }).inputValue()).toBe('246810')
  expect(counter.faults).toEqual([])
})

test('what was not answered before the lock is not sent again by the next person, who is told of it', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.person('staff', { full_name: 'Kim Clerk', phone: '555-0171' })
  await openTicketThatOwes(counter, 8_000)
  const lock = Promise.withResolvers<void>()
  let sent = 0
  await page.route(/\/messages$/, async (route) => {
    sent++
    await lock.promise
    await route.abort('connectionreset')
  })
  await page.getByRole('textbox', { name: 'Write a message' }).fill('Panel ordered')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('heading', { name: /^S1-T1-/ }).click()
  await page.keyboard.press('F8')
  await page.getByText('Kim Clerk').click()
  lock.resolve()
  await page.getByLabel('Password of Kim Clerk').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('Something sent from here before the screen was locked got no answer.').waitFor()
  expect(sent).toBe(1)
  expect(counter.faults).toEqual([])
})
