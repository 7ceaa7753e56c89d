import { expect, test } from 'vitest'
import { openBusyCounter, picture } from './support/counter.ts'

const DAY = 86_400_000

test('a clock that the last entry contradicts is said on every screen with both times, until somebody confirms it', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const state = async () => (await shop.call('GET', '/counter/clock')).body.state
  shop.clock.jump(9 * 365 * DAY)
  shop.clock.pass(1)
  await page.goto(`${shop.url}/intake`)
  const banner = page.getByRole('status').filter({ hasText: 'This computer’s clock says' })
  await banner.waitFor()
  const said = (await banner.textContent())!
  expect([said.includes('2035'), said.includes('The last entry was made on'), said.includes('2026')]).toEqual([
    true,
    true,
    true,
  ])
  await page.getByText('The clock is in doubt').waitFor()
  expect(await page.getByRole('button', { name: 'Tomorrow' }).count()).toBe(0)
  await picture(page, 'clock')
  await page.getByRole('button', { name: 'Look at the clock' }).click()
  const dialog = page.getByRole('dialog', { name: 'Is the clock right?' })
  await dialog.waitFor()
  await picture(page, 'clock-confirm')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  expect(await state()).toBe('contradicted')
  await page.getByRole('button', { name: 'Look at the clock' }).click()
  await dialog.getByRole('button', { name: /^Confirm: it is/ }).click()
  await banner.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Tomorrow' }).waitFor()
  expect(await state()).toBe('trusted')
  expect(counter.faults).toEqual([])
})

test('after a long weekend the lock shows the date large, and who unlocks confirms it', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  shop.clock.jump(4 * DAY)
  await page.goto(shop.url)
  await page.getByText('Signing in confirms it').waitFor()
  await picture(page, 'clock-date')
  await page.keyboard.type('2468', { delay: 100 })
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /Olga Owner/ }).waitFor()
  expect((await shop.call('GET', '/counter/clock')).body.state).toBe('trusted')
  expect(counter.faults).toEqual([])
})
