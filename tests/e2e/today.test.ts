import { expect, test } from 'vitest'
import { patch } from '../../db/rows.ts'
import { openBusyCounter, openNewCounter, picture } from './support/counter.ts'

test('today begins with numbers, each a key away from the list of what it counts', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const numbers = page.getByRole('navigation', { name: 'The day in numbers' })
  await numbers.waitFor()
  for (const [digit, name, show] of [
    ['1', 'Overdue', 'overdue'],
    ['2', 'Due today', 'due_today'],
    ['3', 'Ready for pick-up', 'ready'],
    ['5', 'Unassigned', 'nobody'],
  ] as const) {
    const figure = await numbers
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .locator('strong')
      .textContent()
    await page.keyboard.press(`Alt+${digit}`)
    await page.waitForURL(`${shop.url}/repairs?show=${show}`)
    if (figure !== '0') await page.getByText(new RegExp(`^${figure} repairs?$`)).waitFor()
    await page.keyboard.press('F1')
    await numbers.waitFor()
  }
  await page.keyboard.press('Alt+4')
  await page.waitForURL(`${shop.url}/repairs?show=owed`)
  await page.keyboard.press('F1')
  await page.locator('td [data-row-link]').first().waitFor()
  await page.keyboard.press('ArrowDown')
  const first = await page.locator('td [data-row-link]:focus').textContent()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: first! }).waitFor()
  expect(counter.faults).toEqual([])
})

test('a new shop is shown its first steps, each one key, until they are done', async () => {
  await using counter = await openNewCounter()
  const { page } = counter
  const steps = page.getByRole('region', { name: 'First steps' })
  await steps.getByText('2 of 5 done').waitFor()
  expect(await page.getByRole('navigation', { name: 'The day in numbers' }).count()).toBe(0)
  await picture(page, 'today-first')
  await page.keyboard.press('F2')
  await page.getByLabel('Name', { exact: true }).fill('Carla Customer')
  await page.getByRole('textbox', { name: 'Model' }).fill('iPhone 12')
  await page.getByRole('option', { name: 'New: iPhone 12' }).click()
  await page.getByText('Phone', { exact: true }).last().click()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: 'S1-T1-000001' }).waitFor()
  await page.keyboard.press('F1')
  await page.getByRole('navigation', { name: 'The day in numbers' }).waitFor()
  await steps.getByText('3 of 5 done').waitFor()
  await page.getByRole('row', { name: /Carla Customer/ }).waitFor()

  await page.keyboard.press('Alt+8')
  await page.getByLabel('Address', { exact: false }).first().fill('1 Mill Lane')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Saved').first().waitFor()
  await page.keyboard.press('F1')
  await steps.getByText('4 of 5 done').waitFor()
  await page.keyboard.press('Alt+9')
  const form = page.getByRole('dialog', { name: 'Add a person' })
  await form.getByLabel('Name').fill('Mia Bench')
  await form.getByLabel('Phone').fill('555-0777')
  await form.getByLabel('Password to begin with').fill('mias first one')
  await page.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'detached' })
  await page.keyboard.press('F1')
  await page.getByRole('navigation', { name: 'The day in numbers' }).waitFor()
  await steps.waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})

test('menus obey arrows, and a person is added from any screen with two keys', async () => {
  await using counter = await openNewCounter()
  const { page } = counter
  await page.getByRole('button', { name: /Olga Owner/ }).focus()
  await page.keyboard.press('ArrowDown')
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  await expect.poll(focused).toMatch(/^My PIN/)
  // The menu takes the focus to its first entry once more when it has been painted; people press no key in between.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  )
  await page.keyboard.press('ArrowDown')
  expect(await focused()).toBe('Price matrix')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  expect(await focused()).toBe('Sign out')
  await page.keyboard.press('Escape')
  await page.keyboard.press('F6')
  await page.getByRole('heading', { name: 'Repairs' }).waitFor()
  await page.keyboard.press('Shift+F8')
  await page.getByRole('rowheader', { name: 'Olga Owner' }).waitFor()
  await page.keyboard.press('Alt+a')
  await page.getByRole('dialog', { name: 'Add a person' }).waitFor()
  expect(counter.faults).toEqual([])
})

test('a day with nothing due shows what is promised next in its place, and a shop with nothing open says so', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { db, write } = shop.database
  const by = { actor: null, device: null, act: 'test' }
  const open = await db
    .selectFrom('repair_order')
    .select('id')
    .where('status', 'in', ['Pending', 'Repairing'])
    .execute()
  const taken = new Set(
    (await db.selectFrom('assignment').select('order_id').execute()).map(({ order_id }) => order_id),
  )
  const nextWeek = shop.clock.now() + 7 * 86_400_000
  await write(by, async (trx) => {
    for (const { id } of open)
      await patch(
        trx,
        'repair_order',
        id,
        taken.has(id) ? { estimated_completion_date: nextWeek } : { status: 'Cancelled' },
      )
  })
  await page.reload()
  await page.getByRole('rowheader', { name: 'Promised next' }).waitFor()
  await page.getByText('Nothing is overdue or due today, and everything is assigned.').waitFor()
  expect(await page.locator('tbody tr[class*=row]').count()).toBeGreaterThan(2)
  await picture(page, 'today-quiet')
  await write(by, async (trx) => {
    for (const { id } of open) await patch(trx, 'repair_order', id, { status: 'Cancelled' })
  })
  await page.reload()
  await page.getByText('No repair is open.').waitFor()
  await picture(page, 'today-nothing-open')
  expect(counter.faults).toEqual([])
})
