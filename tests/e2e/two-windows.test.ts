import { expect, test } from 'vitest'
import { addNamed } from '../../server/shop/catalogue.ts'
import { endSessionsOf } from '../../server/shop/sessions.ts'
import { PASSWORD } from '../support/shop.ts'
import { openBusyCounter } from './support/counter.ts'

test('a switch in one window shows in the other, and nobody goes on in the name of the one before', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const clerk = await shop.person('staff', { full_name: 'Kim Clerk', phone: '555-0171' })
  const other = await counter.another()
  await other.goto(`${shop.url}/intake`)
  await other.getByLabel('In the customer’s words').fill('What Olga was typing')
  await other.getByRole('button', { name: /Olga Owner/ }).waitFor()

  await page.keyboard.press('F8')
  await page.getByText('Kim Clerk').click()
  await other.getByText('Who is at the counter?').waitFor()
  await page.getByLabel('Phone or e-mail').fill(clerk.phone!)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: /Kim Clerk/ }).waitFor()
  await other.getByRole('button', { name: /Kim Clerk/ }).waitFor()
  expect(await other.getByLabel('In the customer’s words').inputValue()).toBe('')

  await page.getByRole('button', { name: /Kim Clerk/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(counter.faults).toEqual([])
})

test('a window whose session was ended elsewhere shows the door by itself', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await shop.database.db
    .selectFrom('user')
    .select('id')
    .where('full_name', '=', 'Olga Owner')
    .executeTakeFirstOrThrow()
  await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    await endSessionsOf(trx, id)
    await addNamed(trx, 'brand', { name: 'Elsewhere' })
  })
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})
