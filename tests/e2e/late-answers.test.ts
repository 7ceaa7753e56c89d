import { expect, test } from 'vitest'
import { chooseModel, openBusyCounter } from './support/counter.ts'
import { holdBack } from './support/hold-back.ts'

test('a customer whose answer comes late does not take the place of the one who was typed meanwhile', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const somebody = await shop.person('customer', { full_name: 'Xenia Late', phone: '0998 55' })
  await shop.database.flushSearchIndex()
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.keyboard.type('Xenia', { delay: 60 })
  await page.getByRole('option', { name: /Xenia Late/ }).waitFor()
  const card = new RegExp(`/counter/customers/${somebody.id}$`)
  const answer = await holdBack(page, card)
  const asked = page.waitForRequest(card)
  await page.keyboard.press('Enter')
  await asked
  const typed = page.locator('[data-step=customer]')
  await typed.selectText()
  await page.keyboard.type('Paul', { delay: 60 })
  await answer()
  await page.keyboard.type(' Present', { delay: 60 })
  expect(await typed.inputValue()).toBe('Paul Present')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('[data-step=name]').inputValue()).toBe('Paul Present')
  await chooseModel(page, 'iPhone 13')
  await page.getByRole('region', { name: 'Customer' }).getByText('Paul Present').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByText('Paul Present').first().waitFor()
  expect(counter.faults).toEqual([])
})

test('a name that is typed before the number has been looked up stands in its field, and who has the number is offered', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.person('customer', { full_name: 'Xenia Late', phone: '0998 5577' })
  await shop.database.flushSearchIndex()
  const matches = /\/counter\/customers\?/
  const answer = await holdBack(page, matches)
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.keyboard.type('0998 5577', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.keyboard.type('Paul', { delay: 60 })
  await answer()
  await page.keyboard.press('Tab')
  const offer = page.getByRole('status').filter({ hasText: 'Known already?' })
  await offer.getByText('Xenia Late').waitFor()
  expect(await page.locator('[data-step=customer]').inputValue()).toBe('0998 5577')
  expect(await page.locator('[data-step=name]').inputValue()).toBe('Paul')
  await offer.getByRole('button', { name: 'Take this customer' }).click()
  await page.locator('[data-step=serial]:focus').waitFor()
  await page.getByRole('region', { name: 'Customer' }).getByText('Xenia Late').waitFor()
  expect(counter.faults).toEqual([])
})

test('a refusal that comes late is shown, and leaves the cursor where somebody types', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.keyboard.press('F2')
  await page.getByLabel('E-mail').fill('rita@example.com')
  await page.getByLabel('Name', { exact: true }).fill('Rita Refused')
  await chooseModel(page, 'iPhone 13')
  const refused = Promise.withResolvers<void>()
  await page.route(/\/counter\/intakes$/, async (route) => {
    await refused.promise
    await route.fulfill({ status: 400, json: { detail: 'Email already registered', code: 'email-registered' } })
  })
  const asked = page.waitForRequest(/\/counter\/intakes$/)
  await page.keyboard.press('Control+Enter')
  await asked
  const note = page.getByLabel('In the customer’s words')
  await note.focus()
  await page.keyboard.type('Falls', { delay: 60 })
  refused.resolve()
  await page.locator('[aria-invalid=true]').waitFor()
  await page.keyboard.type(' silent', { delay: 60 })
  expect(await note.inputValue()).toBe('Falls silent')

  await page.unroute(/\/counter\/intakes$/)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByText('Falls silent').first().waitFor()
  expect(counter.faults).toEqual([])
})
