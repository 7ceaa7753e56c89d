import { expect, test } from 'vitest'
import { axe, openBusyCounter, visit } from './support/counter.ts'

test('the problem of a ticket is put right where it stands, and a promise is taken back', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', 'Pending')
    .where('estimated_completion_date', 'is not', null)
    .where('note', 'is not', null)
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const kept = () =>
    shop.database.db
      .selectFrom('repair_order')
      .select(['note', 'estimated_completion_date as promised_at'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const before = await kept()
  await visit(page, `${shop.url}/tickets/${id}`)
  await page.getByRole('button', { name: 'Edit: Problem' }).click()
  const words = page.getByRole('textbox', { name: 'Problem' })
  await words.fill('Not meant')
  await page.keyboard.press('Escape')
  await words.waitFor({ state: 'detached' })
  expect(await kept()).toEqual(before)
  await page.getByRole('button', { name: 'Edit: Problem' }).click()
  expect(await axe(page)).toEqual([])
  await words.fill('Hinge broken on the left')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Problem rewritten').waitFor()
  expect(await kept()).toEqual({ ...before, note: 'Hinge broken on the left' })

  await page.getByTitle('Change the promised date').click()
  await page.getByRole('button', { name: 'Take the promise back' }).click()
  await page.getByText('Promise taken back').waitFor()
  expect((await kept()).promised_at).toBeNull()
  expect(counter.faults).toEqual([])
})

test('a phone number and an e-mail address are taken off a customer by emptying their fields', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await shop.person('customer', {
    full_name: 'Nina Known',
    phone: '0998 1234',
    email: 'nina@example.com',
  })
  await visit(page, `${shop.url}/customers/${id}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'Phone' }).fill('')
  await page.getByRole('textbox', { name: 'E-mail' }).fill('')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Customer saved').waitFor()
  await page.getByRole('link', { name: 'nina@example.com' }).waitFor({ state: 'detached' })
  expect(
    await shop.database.db.selectFrom('user').select(['phone', 'email']).where('id', '=', id).executeTakeFirst(),
  ).toEqual({ phone: null, email: null })
  expect(counter.faults).toEqual([])
})

test('money that went back is taken off its payment, and another window follows what is owed', async () => {
  await using counter = await openBusyCounter()
  const { page, shop, another } = counter
  const { id } = await shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', 'Repairing')
    .where('cost_cents', '>', 5_000)
    .where('id', 'not in', (paid) => paid.selectFrom('payment').select('order_id'))
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const other = await another()
  for (const window of [page, other]) {
    await window.goto(`${shop.url}/tickets/${id}`)
    await window.getByRole('button', { name: /Take payment/ }).click()
    await window.locator('[data-autofocus]:focus').waitFor()
  }
  await other.getByLabel('To pay').fill('20')
  await page.bringToFront()
  await page.getByLabel('To pay').fill('30')
  await page.getByRole('button', { name: /Take .*30\.00 in cash/ }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  await other.bringToFront()
  await other.getByText('Meanwhile this changed').waitFor()
  expect(await other.getByRole('button', { name: /^Take .* in cash/ }).count()).toBe(0)
  await other.getByRole('button', { name: 'Begin anew' }).click()
  await other.getByRole('button', { name: /^Take .* in cash/ }).waitFor()
  await other.close()

  await page.bringToFront()
  await page.getByRole('button', { name: /Correct the payment of .*30\.00/ }).click()
  await page.getByLabel('What was kept of it').fill('10')
  await page.getByText(/20\.00 goes back/).waitFor()
  await page.getByLabel('Why').fill('Part not needed')
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Correct the payment', exact: true }).click()
  await page.getByText(/Payment corrected by/).waitFor()
  const rows = await shop.database.db
    .selectFrom('payment_entry')
    .select('amount_cents')
    .where('order_id', '=', id)
    .execute()
  expect(rows.map(({ amount_cents }) => amount_cents)).toEqual([3_000, -2_000])
  expect(counter.faults).toEqual([])
})

test('Ctrl+Z takes back the last act or nothing, never one before it, and no draft that another one follows', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const tickets = shop.database.db.selectFrom('repair_order')
  const { id } = await tickets.select('id').where('status', '=', 'Pending').orderBy('id').executeTakeFirstOrThrow()
  await visit(page, `${shop.url}/tickets/${id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  await page.keyboard.press('Alt+2')
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  const assigned = page.getByRole('button', { name: /^Take .* off/ })
  const before = await assigned.count()
  await (before > 0 ? assigned.first() : page.getByRole('button', { name: 'To me' })).click()
  await expect.poll(() => assigned.count()).toBe(before > 0 ? before - 1 : 1)
  await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')

  await page.keyboard.press('F2')
  await page.locator('[data-step=name]').fill('Mira First')
  await page.getByRole('button', { name: 'Discard draft' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await page.locator('[data-step=name]').fill('Jo Second')
  await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Charger' }).click()
  const customer = page.getByRole('region', { name: 'Customer' })
  await customer.getByText('Jo Second').waitFor()
  // The draft before does not come back over the one that was begun.
  await page.keyboard.press('Control+z')
  await customer.getByRole('button', { name: 'Change' }).click()
  expect(await page.locator('[data-step=name]:focus').inputValue()).toBe('Jo Second')
  expect(await tickets.select('status').where('id', '=', id).executeTakeFirst()).toEqual({ status: 'Repairing' })
  expect(counter.faults).toEqual([])
})

test('whoever agreed and signed at intake is not the customer any more when another one is chosen', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await shop.database.db
    .selectFrom('repair_order')
    .select('customer_id as id')
    .orderBy('id')
    .executeTakeFirstOrThrow()
  await visit(page, `${shop.url}/intake?customer=${id}`)
  await page.locator('[data-step=devices]:focus').waitFor()
  await page.keyboard.press('Alt+g')
  await page.locator('[data-part=agreement]:focus').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Agreed' }).waitFor()
  await page.getByRole('region', { name: 'Customer' }).getByRole('button', { name: 'Change' }).click()
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.getByRole('button', { name: 'Agreement and signature' }).waitFor()
  expect(counter.faults).toEqual([])
})
