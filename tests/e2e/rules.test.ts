import { expect, test } from 'vitest'
import { openBusyCounter, picture } from './support/counter.ts'

test('the owner sets what holds when the shop buys in, and a range that is not kept stands at its field', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.getByRole('button', { name: /Olga Owner/ }).click()
  await page.getByRole('link', { name: 'Buying in', exact: true }).click()
  await page.getByLabel('Days on hold').fill('21')
  await page.getByLabel('Days an offer stands').fill('0')
  await page.getByLabel('Payout without approval').fill('750')
  await page.getByLabel('Date of birth').check()
  await page.keyboard.press('Control+Enter')
  await page.getByText('A whole number from 1 to 366.').waitFor()
  await page.getByLabel('Days an offer stands').fill('10')
  await picture(page, 'rules')
  await page.keyboard.press('Control+Enter')
  await page.getByText('The rules are saved').waitFor()
  await page.reload()
  expect(await page.getByLabel('Days on hold').inputValue()).toBe('21')
  const { rules } = await shop.database.db.selectFrom('store').select('rules').executeTakeFirstOrThrow()
  expect(JSON.parse(rules!)).toMatchObject({
    hold_days: 21,
    offer_days: 10,
    payout_limit_cents: 75_000,
    seller_fields: ['document_kind', 'number', 'born'],
  })
  expect(counter.faults).toEqual([])
})

test('the owner makes somebody of the counter a lead, and the list says so', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const clerk = await shop.database.db
    .selectFrom('user')
    .select(['id', 'full_name'])
    .where('is_staff', '=', 1)
    .where('role', '=', 'customer')
    .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/settings/people`)
  const row = page.getByRole('row', { name: new RegExp(clerk.full_name) })
  await row.getByRole('button', { name: clerk.full_name }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Lead').check()
  await picture(page, 'person-lead')
  await page.keyboard.press('Control+Enter')
  await row.getByText('Counter, lead').waitFor()
  await row.getByRole('button', { name: clerk.full_name }).click()
  await form.getByText('Evaluator').click()
  expect(await form.getByLabel('Lead').count()).toBe(0)
  expect(counter.faults).toEqual([])
})
