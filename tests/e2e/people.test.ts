import { expect, test } from 'vitest'
import { insert } from '../../db/rows.ts'
import { becomeRole } from '../support/other-chain.ts'
import { openBusyCounter, picture } from './support/counter.ts'

test('the owner adds a colleague, who changes their password, gives a PIN and takes it away, and shuts one out', async () => {
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
  const pinField = form.getByLabel('Another PIN')
  await expect.poll(() => pinField.inputValue()).toMatch(/^\d{4}$/)
  const pin = await pinField.inputValue()
  await picture(page, 'person-pin')
  await form.getByRole('button', { name: 'Give this PIN' }).click()
  await page.getByText('Mia Bench has a new PIN').waitFor()
  await page
    .getByRole('row', { name: /Mia Bench/ })
    .getByText('set', { exact: true })
    .waitFor()
  await page.keyboard.press('F8')
  await page.getByRole('group', { name: 'PIN' }).waitFor()
  await page.keyboard.type(pin, { delay: 60 })
  await page.getByRole('button', { name: /Mia Bench/ }).waitFor()
  await page.keyboard.press('F8')
  await page.getByRole('group', { name: 'PIN' }).waitFor()
  // What an evaluator was told lacks the shop's money: the owner sees nothing of it, however long the answer takes.
  const answered = Promise.withResolvers<void>()
  await page.route('**/counter/today', (route) => void answered.promise.then(() => route.continue()))
  await page.keyboard.type('2468', { delay: 60 })
  await page.getByRole('button', { name: /Olga Owner/ }).waitFor()
  answered.resolve()
  await page.getByRole('link', { name: /Owed/ }).waitFor()
  await page.goto(`${shop.url}/settings/people`)
  await page.getByRole('button', { name: 'Mia Bench' }).click()
  await form.getByRole('button', { name: 'Take the PIN away' }).click()
  await page
    .getByRole('row', { name: /Mia Bench/ })
    .getByText('none yet')
    .waitFor()

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

test('in a fleet head office says where somebody works, and a shop’s terminal whom it does not change', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const by = { actor: null, device: null, act: 'test' }
  const store = await shop.database.write(by, async (trx) => {
    const own = await trx.selectFrom('store').selectAll().limit(1).executeTakeFirstOrThrow()
    const { currency, time_zone, tax_mode, tax_rate, set_up_at } = own
    const harbour = { code: 'S2', name: 'Harbour', currency, time_zone, tax_mode, tax_rate, set_up_at }
    return await insert(trx, 'store', { ...harbour, phone: null, address: null })
  })
  await becomeRole(shop.database, 'head-office')
  await page.goto(`${shop.url}/settings/people?new=1`)
  const form = page.getByRole('dialog')
  const reach = form.getByLabel('Works at')
  await expect.poll(() => reach.inputValue()).toBe('All shops')
  await form.getByLabel('Name').fill('Hanna Harbour')
  await form.getByLabel('Phone').fill('555-0778')
  await form.getByLabel('Password to begin with').fill('hannas first one')
  await reach.click()
  await page.getByRole('option', { name: 'Harbour' }).click()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('rowheader', { name: 'Hanna Harbour' }).waitFor()
  const hanna = await shop.database.db
    .selectFrom('user')
    .select('works_at')
    .where('full_name', '=', 'Hanna Harbour')
    .executeTakeFirstOrThrow()
  expect(hanna.works_at).toBe(store)
  await page.getByRole('button', { name: 'Hanna Harbour' }).click()
  await expect.poll(() => reach.inputValue()).toBe('Harbour')

  await becomeRole(shop.database, 'terminal')
  await page.reload()
  await page.getByRole('rowheader', { name: 'Olga Owner' }).getByRole('button').click()
  await form.getByText('Olga Owner does not work at this shop alone').waitFor()
  expect(await form.getByLabel('Name').count()).toBe(0)
  await form.getByRole('button', { name: 'Give this PIN' }).waitFor()
})

test('who presses to save again while a person is being saved sends nothing twice, and sees what was saved', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/settings/people`)
  await page.getByRole('button', { name: 'Add a person' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('Pia Twice')
  await form.getByLabel('Phone').fill('555-0778')
  await form.getByLabel('Password to begin with').fill('pias first one')
  const answered = Promise.withResolvers<void>()
  let sent = 0
  await page.route('**/counter/people', async (route) => {
    if (route.request().method() !== 'POST') return await route.continue()
    sent++
    await answered.promise
    await route.continue()
  })
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => sent).toBe(1)
  await form.getByLabel('Name').fill('Pia Later')
  await page.keyboard.press('Control+Enter')
  answered.resolve()
  await page.getByRole('rowheader', { name: 'Pia Twice' }).waitFor()
  expect(sent).toBe(1)
  expect(counter.faults).toEqual([])
})
