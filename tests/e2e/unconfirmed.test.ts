import { expect, test } from 'vitest'
import { PASSWORD } from '../support/shop.ts'
import { axe, chooseModel, openBusyCounter } from './support/counter.ts'

test('intake says who registered online and was never confirmed, and takes somebody else in beside them or confirms them', async () => {
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
  await page.goto(`${shop.url}/intake?customer=${id}`)
  await page.getByRole('button', { name: 'Yes, confirm them' }).click()
  await page.getByText('Registered online').waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})
