import { expect, test } from 'vitest'
import { becomeRole } from '../support/other-chain.ts'
import { axe, openBusyCounter, picture } from './support/counter.ts'

test('head office makes the code by which a terminal of a new store joins, shows it once, and takes it back', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await becomeRole(shop.database, 'head-office')
  await page.getByRole('button', { name: /Olga Owner/ }).click()
  await page.getByRole('link', { name: 'Stores and terminals' }).click()
  await page.getByRole('heading', { name: 'Stores and terminals' }).waitFor()
  await page.getByRole('button', { name: 'Add a terminal' }).waitFor()
  await page.keyboard.press('Alt+n')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('A new store').click()
  await dialog.getByLabel('Name of the store').fill('Station')
  expect(await dialog.getByLabel('Letters of the store').inputValue()).toBe('S2')
  expect(await dialog.getByLabel('Letters of the terminal').inputValue()).toBe('T1')
  await dialog.getByLabel('What people call it').fill('Front counter')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Control+Enter')
  await dialog.getByRole('img', { name: 'Address and code' }).waitFor()
  await dialog.getByText('It is good once, and is shown only now.').waitFor()
  await picture(page, 'fleet-code')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  const row = page.getByRole('row', { name: /Front counter S2-T1 Station/ })
  await row.waitFor()
  await picture(page, 'fleet')
  expect(await axe(page)).toEqual([])
  await row.getByRole('button', { name: 'Withdraw the code of Front counter' }).click()
  await page.getByText('The code of Front counter is good no more').waitFor()
  await row.waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})

test('a terminal says in its tile that the line is down, what waits, and is tried again by a key', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  let tried = 0
  shop.context.run.fleet = {
    state: () => ({
      line: 'down',
      since: shop.clock.now() - 3_600_000,
      headOffice: 'https://office.example.com',
      waiting: { ops: 14, oldest_at: shop.clock.now() - 3_000_000, photos: 2 },
      lastContact: shop.clock.now() - 3_600_000,
      lastChange: null,
      troubles: { held: 1, quarantined: 0, parked: 0 },
      asideThere: 0,
      needsPerson: null,
      setBackAt: null,
      comparison: { comparedAt: null, sameAt: null, differs: [], more: false },
    }),
    tryNow: () => void tried++,
  }
  shop.database.notify([{ entity: 'fleet', id: 1 }])
  await page.getByRole('button', { name: '14 waiting' }).waitFor()
  await page.keyboard.press('Shift+F1')
  const panel = page.getByRole('dialog')
  await panel.getByText('Everything is safe on this PC. Repairs, payments and buying in go on.').waitFor()
  await panel.getByText(/^\d+ changes wait to be sent/).waitFor() // By the acts of people, which are fewer than the entries.
  await panel.getByText('2 photos wait to be sent').waitFor()
  await picture(page, 'line')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Alt+r')
  await expect.poll(() => tried).toBe(1)
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})

test('a terminal whose rows are not as head office has them names thing and day in red, and an admin takes the day from there', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const day = Math.floor(shop.clock.now() / 86_400_000)
  const differing = { entity: 'repair_order', day, other: 2, lacking: 1, onlyHere: 0, ids: [] }
  const taken: unknown[] = []
  let differs = [differing]
  shop.context.run.fleet = {
    state: () => ({
      line: 'up',
      since: shop.clock.now() - 3_600_000,
      headOffice: 'https://office.example.com',
      waiting: { ops: 0, oldest_at: null, photos: 0 },
      lastContact: shop.clock.now(),
      lastChange: null,
      troubles: { held: 0, quarantined: 0, parked: 0 },
      asideThere: 0,
      needsPerson: differs.length > 0 ? 'differs' : null,
      setBackAt: null,
      comparison: { comparedAt: shop.clock.now(), sameAt: shop.clock.now(), differs, more: false },
    }),
    tryNow: () => {},
  }
  shop.context.run.differences = {
    take: async (asked) => {
      taken.push(asked)
      differs = []
      shop.database.notify([{ entity: 'fleet', id: 1 }])
      return { changed: 2, came: 1, left: 0, onlyHere: [], more: false }
    },
    send: async () => 0,
  }
  shop.database.notify([{ entity: 'fleet', id: 1 }])
  await page.getByRole('button', { name: 'needs you' }).waitFor()
  await page.keyboard.press('Shift+F1')
  const panel = page.getByRole('dialog')
  await panel.getByText('Some data here are not as head office has them').waitFor()
  await panel.getByText('2 are other at head office · 1 is at head office alone').waitFor()
  expect(await axe(page)).toEqual([])
  await panel.getByRole('button', { name: /^Take this day from head office: Repair, / }).click()
  await page.getByText('3 taken from head office. It is compared again now.').waitFor()
  expect(taken).toEqual([{ entity: 'repair_order', day }])
  await panel.getByText(/the same as head office at/).waitFor()
  expect(counter.faults).toEqual([])
})
