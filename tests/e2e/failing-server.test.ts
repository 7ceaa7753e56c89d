import { expect, test } from 'vitest'
import { openBusyCounter, scan } from './support/counter.ts'

test('a list that was loaded stays when asking for it again fails', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.keyboard.press('F6')
  await page.getByRole('heading', { name: 'Repairs' }).waitFor()
  await page.getByText('S1-T1-').first().waitFor()
  await page.route(/\/counter\/repairs\?/, (route) => route.fulfill({ status: 500, json: { detail: 'Broken' } }))
  const asked = page.waitForResponse(/\/counter\/repairs\?/)
  await page.evaluate(() =>
    fetch('/counter/tickets/1', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ note: 'Something changed' }),
    }),
  )
  await (await asked).finished()
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  expect(await page.getByText('That did not work').count()).toBe(0)
  expect(await page.getByText('S1-T1-').count()).toBeGreaterThan(3)
})

test('what could not be looked up for an intake is said, and what was typed or scanned stays', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { phone, id } = await shop.person('customer', { full_name: 'Nina Known', phone: '0998 1234' })
  await shop.database.flushSearchIndex()
  const broken = /\/counter\/(customers\/\d+|devices)/
  await page.route(broken, (route) => route.fulfill({ status: 500, json: { detail: 'Broken' } }))
  await page.goto(`${shop.url}/intake?customer=${id}`)
  await page.getByText('What is known already could not be filled in.').waitFor()

  await page.locator('[data-step=customer]').focus()
  await page.keyboard.type(phone!, { delay: 60 })
  await page.getByRole('option', { name: /Nina Known/ }).click()
  await page.getByText('The customer was not taken over.').waitFor()
  expect(await page.locator('[data-step=customer]').inputValue()).toBe(phone)

  // Keys that are no further apart than a scanner's would be of its code.
  await page.waitForTimeout(400)
  await scan(page, 'C02XG2JHJG5H')
  await page.getByText('The number stays, but could not be looked up.').waitFor()
  expect(await page.locator('[data-step=serial]').inputValue()).toBe('C02XG2JHJG5H')
  await page.unroute(broken)
  expect(counter.faults).toEqual([])
})
