import { expect, test } from 'vitest'
import { patch } from '../../db/rows.ts'
import { chooseModel, openBusyCounter } from './support/counter.ts'

test('a date is typed and pressed in the shop’s language, and right-to-left names turn no number round', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.database.write({ actor: null, device: null, act: 'test' }, (trx) =>
    patch(trx, 'store', 1, { country: 'US' }),
  )
  await page.goto(`${shop.url}/intake`)
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.keyboard.type('(212) 555-0187', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.locator('[data-step=name]:focus').waitFor()
  await page.keyboard.type('محمد حسن', { delay: 60 })
  await chooseModel(page, 'iPhone 13')
  const field = page.getByRole('textbox', { name: 'Ready by' })
  await field.fill('12/24/2035 5 pm')
  await field.press('Tab')
  expect(await field.inputValue()).toMatch(/^12\/24\/2035, 0?5:00\sPM$/)
  await page.getByRole('button', { name: 'Choose a day' }).click()
  await page.getByRole('button', { name: 'Friday, December 28, 2035' }).click()
  expect(await field.inputValue()).toMatch(/^12\/28\/2035, 0?5:00\sPM$/)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()

  await page.keyboard.press('F3')
  await page.keyboard.type('+1 212 555 0187', { delay: 60 })
  const row = page.getByRole('option', { name: /محمد حسن/ }).first()
  await row.waitFor()
  expect(await row.innerText()).toContain('(212) 555-0187')
  const isolated = await row.evaluate((element) =>
    [...element.querySelectorAll('b, bdi')].map((part) => getComputedStyle(part).unicodeBidi),
  )
  expect(isolated.every((value) => value === 'isolate')).toBe(true)
  expect(counter.faults).toEqual([])
})
