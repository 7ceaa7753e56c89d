import { expect, test } from 'vitest'
import { openBusyCounter } from './support/counter.ts'

test('the filter field says what the list is filtered by, whichever way one came', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/repairs?q=battery`)
  const field = page.getByRole('textbox', { name: 'Filter by any word' })
  expect(await field.inputValue()).toBe('battery')
  await field.fill('screen')
  await page.waitForURL(/q=screen/)
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /Repairs/ })
    .click()
  await page.waitForURL(/\/repairs$/)
  await page.locator('input[aria-label="Filter by any word"][value=""]').waitFor()
  await page.goBack()
  await page.waitForURL(/q=screen/)
  await page.locator('input[aria-label="Filter by any word"][value="screen"]').waitFor()
  await field.press('End')
  await page.keyboard.type('s', { delay: 60 })
  await page.waitForURL(/q=screens/)
  expect(await field.inputValue()).toBe('screens')
  expect(counter.faults).toEqual([])
})
