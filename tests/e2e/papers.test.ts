import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axe, openBusyCounter } from './support/counter.ts'

/** How often the page was sent to the printer; the browser's own dialog stays shut. */
async function countPrints(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() =>
    Object.assign(window, { printed: 0, print: () => (window as unknown as Printed).printed++ }),
  )
  return () => page.evaluate(() => (window as unknown as Printed).printed)
}
type Printed = { printed: number }

test('on a paper Enter presses the button that has the focus, and prints when none has', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/tickets/1/print/stub`)
  const printed = await countPrints(page)
  const paper = page.getByRole('article')
  await paper.waitFor()
  await page.getByRole('button', { name: 'Labels' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/print/label')
  await paper.first().waitFor()
  expect(await printed()).toBe(0)
  await page.getByRole('button', { name: /^S1-T1-/ }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tickets\/1$/)
  expect(await printed()).toBe(0)
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.keyboard.press('F10')
  await page.waitForURL(/print/)
  await page.getByRole('article').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tickets\/1$/)
  expect(await printed()).toBe(1)
  expect(counter.faults).toEqual([])
})

test('a paper on the screen locks by key and by itself, and says when the server is away', async () => {
  await using counter = await openBusyCounter()
  const { page, shop, context } = counter
  const unlock = async () => {
    await page.getByRole('group', { name: 'PIN' }).waitFor()
    await page.keyboard.type('2468', { delay: 60 })
    await page.getByRole('article').waitFor()
  }
  await page.goto(`${shop.url}/tickets/1/print/stub`)
  await page.getByRole('article').waitFor()
  await page.keyboard.press('F8')
  await unlock()
  await page.clock.setFixedTime(shop.clock.now() + 11 * 60_000)
  await unlock()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Add a sign-in code' }).click()
  await page.getByText('The server does not answer.').waitFor()
  expect(await axe(page)).toEqual([])
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByText('The server does not answer.').isVisible()).toBe(false)
  expect(counter.faults).toEqual([])
})
