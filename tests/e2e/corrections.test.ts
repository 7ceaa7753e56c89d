import { expect, test } from 'vitest'
import { axe, openBusyCounter } from './support/counter.ts'

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
  await page.goto(`${shop.url}/tickets/${id}`)
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
  await page.goto(`${shop.url}/customers/${id}`)
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
