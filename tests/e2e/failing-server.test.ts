import { expect, test } from 'vitest'
import { openBusyCounter } from './support/counter.ts'

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
