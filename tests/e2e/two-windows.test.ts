import { expect, test } from 'vitest'
import { addNamed } from '../../server/shop/devices/catalogue.ts'
import { endSessionsOf } from '../../server/shop/people/sessions.ts'
import { PASSWORD } from '../support/shop.ts'
import { openBusyCounter } from './support/counter.ts'

test('a switch in one window shows in the other, and nobody goes on in the name of the one before', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.person('staff', { full_name: 'Kim Clerk', phone: '555-0171' })
  const other = await counter.another()
  await other.goto(`${shop.url}/intake`)
  await other.getByLabel('In the customer’s words').fill('What Olga was typing')
  await other.getByRole('button', { name: /Olga Owner/ }).waitFor()

  await page.keyboard.press('F8')
  await page.getByText('Kim Clerk').click()
  await other.getByText('Who is at the counter?').waitFor()
  await page.getByLabel('Password of Kim Clerk').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: /Kim Clerk/ }).waitFor()
  await other.getByRole('button', { name: /Kim Clerk/ }).waitFor()
  expect(await other.getByLabel('In the customer’s words').inputValue()).toBe('')

  await page.getByRole('button', { name: /Kim Clerk/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(counter.faults).toEqual([])
})

test('a window that has not heard of a switch yet shows nothing of what the server shows the next person', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.person('evaluator', { full_name: 'Eva Looker', phone: '555-0171' })
  const other = await counter.another()
  await other.goto(shop.url)
  await other.getByRole('button', { name: /Olga Owner/ }).waitFor()
  await other.getByRole('heading', { name: 'Today', exact: true }).waitFor()
  let tell = () => {}
  const told = new Promise<void>((resolve) => (tell = resolve))
  await other.route(/\/counter\/session$/, (route) => told.then(() => route.continue()))

  await page.keyboard.press('F8')
  await page.getByText('Eva Looker').click()
  await page.getByLabel('Password of Eva Looker').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: /Eva Looker/ }).waitFor()
  // Another screen of the same window: its lists lack all money now.
  const lists = other.waitForResponse(
    (reply) => reply.url().includes('/counter/') && reply.headers()['fixpoint-person'] !== undefined,
  )
  await other.keyboard.press('F4')
  await lists
  tell()
  await other.getByRole('button', { name: /Eva Looker/ }).waitFor()
  await other
    .getByRole('link', { name: /^S1-T1-/ })
    .first()
    .waitFor()
  expect(counter.faults).toEqual([])
})

test('who edits a ticket later is shown what is newer, and keeps what they typed', async () => {
  await using counter = await openBusyCounter()
  const { page, shop, another } = counter
  const { id } = await shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', 'Pending')
    .where('cost_cents', '>', 5_000)
    .where('note', 'is not', null)
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const other = await another()
  for (const window of [page, other]) {
    await window.goto(`${shop.url}/tickets/${id}`)
    await window.getByRole('button', { name: 'Edit: Problem' }).click()
  }
  const words = (window: typeof page) => window.getByRole('textbox', { name: 'Problem' })
  const price = (window: typeof page) => window.getByRole('textbox', { name: 'Price' })
  const kept = () =>
    shop.database.db
      .selectFrom('repair_order')
      .select(['note', 'cost_cents'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  await words(other).fill('Typed in the second window')
  await page.bringToFront()
  await words(page).fill('Typed in the first window')
  await words(page).press('Control+Enter')
  await words(page).waitFor({ state: 'detached' })
  await other.bringToFront()
  await words(other).press('Control+Enter')
  await other.getByText('Changed meanwhile to: Typed in the first window.').waitFor()
  expect(await words(other).inputValue()).toBe('Typed in the second window')
  expect((await kept()).note).toBe('Typed in the first window')
  await words(other).press('Control+Enter')
  await words(other).waitFor({ state: 'detached' })
  expect((await kept()).note).toBe('Typed in the second window')

  for (const window of [page, other]) await window.getByRole('button', { name: 'Edit', exact: true }).click()
  await price(other).fill('111')
  await price(page).fill('55')
  await price(page).press('Control+Enter')
  await price(page).waitFor({ state: 'detached' })
  await other.bringToFront()
  await price(other).press('Control+Enter')
  await other.getByText(/Changed meanwhile to: £55\.00/).waitFor()
  expect(await price(other).inputValue()).toBe('111')
  expect((await kept()).cost_cents).toBe(5_500)
  expect(counter.faults).toEqual([])
})

test('a promise is not moved over one that another window has given meanwhile', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', 'Pending')
    .where('estimated_completion_date', 'is', null)
    .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/tickets/${id}`)
  await page.getByTitle('Change the promised date').click()
  await page.getByRole('button', { name: '+1 week' }).click()
  const promised_at = shop.clock.now() + 3_600_000
  await page.evaluate(
    ([ticket, at]) =>
      fetch(`/counter/tickets/${ticket}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ promised_at: at }),
      }),
    [id, promised_at] as const,
  )
  await page.getByRole('button', { name: 'Promise this' }).click()
  await page.getByRole('alert').filter({ hasText: 'Changed meanwhile to' }).waitFor()
  const { kept } = await shop.database.db
    .selectFrom('repair_order')
    .select('estimated_completion_date as kept')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(kept).toBe(promised_at)
  expect(counter.faults).toEqual([])
})

test('a window whose session was ended elsewhere shows the sign-in page by itself', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await shop.database.db
    .selectFrom('user')
    .select('id')
    .where('full_name', '=', 'Olga Owner')
    .executeTakeFirstOrThrow()
  await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    await endSessionsOf(trx, id)
    await addNamed(trx, 'brand', { name: 'Elsewhere' })
  })
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})
