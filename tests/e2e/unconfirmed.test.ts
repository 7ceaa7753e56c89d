import { expect, test } from 'vitest'
import { PASSWORD } from '../support/shop.ts'
import { axe, chooseModel, openBusyCounter } from './support/counter.ts'

test('intake and the card say who registered online and was never confirmed; who shares their number is told apart on Today', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const account = { full_name: 'Mallory Online', phone: '+44 7700 900987', password: PASSWORD }
  const { id } = (await shop.call('POST', '/v1/auth/register', { body: account })).body
  await shop.database.flushSearchIndex()
  await page.goto(`${shop.url}/intake?customer=${id}`)
  await page.getByText('Registered online, never confirmed').waitFor()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: 'out/screens/unconfirmed.png' })
  await page.getByRole('button', { name: 'Somebody else' }).click()
  await page.locator('[data-step=name]').fill('Nora Real')
  await chooseModel(page, 'iPhone 13')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/tickets\/\d+/)
  const people = await shop.database.db
    .selectFrom('user')
    .select(['full_name', 'phone'])
    .where('full_name', 'in', ['Mallory Online', 'Nora Real'])
    .orderBy('id')
    .execute()
  expect(people).toEqual([
    { full_name: 'Mallory Online', phone: account.phone },
    { full_name: 'Nora Real', phone: account.phone },
  ])
  await page.goto(shop.url)
  const line = page.getByRole('region', { name: 'A phone number of two people' }).getByRole('listitem')
  await line.getByText('Nora Real').waitFor()
  await page.screenshot({ path: 'out/screens/shared-phones.png' })
  await line.getByRole('button', { name: 'They are different people' }).click()
  await line.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await line.getByText('Nora Real').waitFor()
  await page.keyboard.press('F3')
  await page.keyboard.type('Mallory', { delay: 60 })
  await page.getByRole('option', { name: /Mallory Online.*unconfirmed/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`${shop.url}/customers/${id}`)
  await page.getByText('Registered online, never confirmed').waitFor()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: 'out/screens/unconfirmed-card.png' })
  await page.getByRole('button', { name: 'Yes, confirm them' }).click()
  await page.getByText('Registered online').waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})
