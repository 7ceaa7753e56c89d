import { expect, test } from 'vitest'
import { openBusyCounter, picture } from './support/counter.ts'

test('the owner adds a colleague, who changes their password, and shuts one out', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.getByRole('button', { name: /Olga Owner/ }).click()
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByRole('rowheader', { name: 'Olga Owner' }).waitFor()
  await picture(page, 'people')
  await page.getByRole('button', { name: 'Add a person' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('Mia Bench')
  await page.keyboard.press('Control+Enter')
  expect(await form.getByLabel('Phone').getAttribute('aria-invalid')).toBe('true')
  await form.getByLabel('Phone').fill('555-0777')
  await form.getByText('Evaluator').click()
  await form.getByLabel('Password to begin with').fill('mias first one')
  await picture(page, 'person')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('rowheader', { name: 'Mia Bench' }).waitFor()

  const theirs = await (await counter.context.browser()!.newContext()).newPage()
  await theirs.goto(shop.url)
  await theirs.getByLabel(/Phone/).fill('555-0777')
  await theirs.getByLabel('Password', { exact: true }).fill('mias first one')
  await theirs.keyboard.press('Enter')
  await theirs.getByRole('heading', { name: 'Today' }).waitFor()
  await theirs.goto(`${shop.url}/settings/me`)
  await theirs.getByLabel('Your password').last().fill('mias first one')
  await theirs.getByLabel('New password').fill('mias second one')
  await theirs.getByRole('button', { name: 'Change password' }).click()
  await theirs.getByText('Password changed').waitFor()
  const signIn = (password: string) =>
    shop.call('POST', '/v1/auth/login', { body: { phone: '555-0777', password } }).then(({ status }) => status)
  expect([await signIn('mias first one'), await signIn('mias second one')]).toEqual([401, 200])

  await page.getByRole('button', { name: 'Mia Bench' }).click()
  await form.getByRole('button', { name: 'Mia Bench no longer works here' }).click()
  await page
    .getByRole('row', { name: /Mia Bench/ })
    .getByText('no longer here')
    .waitFor()
  expect(await signIn('mias second one')).toBe(403)
  await theirs.close()
  expect(counter.faults).toEqual([])
})
