import { expect, test } from 'vitest'
import { openBusyCounter, scan } from './support/counter.ts'

const SERIAL = 'C02XG2JHJG5H'

test('a scan leaves the field in which the cursor stands as it was', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.keyboard.press('F2')
  const words = page.getByLabel('In the customer’s words')
  await words.fill('Falls off at night')
  await words.press('Home')
  await scan(page, SERIAL)
  await page.locator('[data-stop=model]:focus').waitFor()
  expect(await words.inputValue()).toBe('Falls off at night')
  expect(await page.locator('[data-stop=serial]').inputValue()).toBe(SERIAL)

  const estimate = page.getByLabel('Estimate')
  await estimate.fill('80')
  await estimate.press('ControlOrMeta+a')
  await scan(page, '490154203237518')
  await page.getByText('A valid IMEI').waitFor()
  expect(await estimate.inputValue()).toMatch(/^80(\.00)?$/)
  expect(await page.locator('[data-stop=serial]').inputValue()).toBe('490154203237518')
  expect(counter.faults).toEqual([])
})
