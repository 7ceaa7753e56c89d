import { expect, test } from 'vitest'
import { serialOf } from '../../server/shop/demo/repairs-data.ts'
import { axe, openBusyCounter, picture, scan } from './support/counter.ts'

/** What the demonstration has bought three days ago, and holds. */
const HELD = serialOf(7_001, 'Phone')

test('a scan of a device that was bought says until when it is held, and shows all its lives', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await scan(page, HELD)
  await page.getByRole('heading', { name: 'Samsung Galaxy S23' }).waitFor()
  const timeline = page.getByRole('list', { name: 'Timeline' })
  await timeline.getByText('Bought for £').waitFor()
  expect(await timeline.getByRole('listitem').allTextContents()).toEqual([
    expect.stringMatching(/^On hold until 20 January S1-T1-P00000\d/),
    expect.stringMatching(/^Bought for £\d+\.\d\d S1-T1-P00000\d/),
    expect.stringMatching(/^£\d+\.\d\d offered for it Request \d+/),
  ])
  expect(await page.getByText('On hold until 20 January').count()).toBe(2)
  await picture(page, 'device-bought')

  // What happens to it elsewhere is seen at once.
  const unit = await shop.database.db
    .selectFrom('unit')
    .select('id')
    .where('serial_number', '=', HELD)
    .executeTakeFirstOrThrow()
  const released = await page.evaluate(
    (id) =>
      fetch(`/counter/units/${id}/hold/release`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'Police have seen it' }),
      }).then((reply) => reply.status),
    unit.id,
  )
  expect(released).toBe(201)
  await timeline.getByText('Hold ended early').waitFor()
  await timeline.getByText('Police have seen it').waitFor()
  await expect.poll(() => page.getByText('On hold until 20 January').count()).toBe(1)
  expect(counter.faults).toEqual([])
})

test('the search says until when a device is held; in German too', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.keyboard.press('F3')
  await page.keyboard.type(HELD, { delay: 60 })
  await page.getByRole('option', { name: /Samsung Galaxy S23.*On hold until 20 January/ }).waitFor()
  await page.evaluate(() =>
    localStorage.setItem('fixpoint.preferences', JSON.stringify({ state: { language: 'de' }, version: 0 })),
  )
  await page.reload()
  await page.keyboard.press('F3')
  await page.keyboard.type(HELD, { delay: 60 })
  await page.getByRole('option', { name: /Gesperrt bis 20\. Januar/ }).waitFor()
  await page.keyboard.press('Enter')
  await page
    .getByRole('list', { name: 'Verlauf' })
    .getByText(/^Für .* angekauft/)
    .waitFor()
  expect(await axe(page)).toEqual([])
  expect(counter.faults).toEqual([])
})

test('Today lists what waits for a person; what is put aside goes, and comes back', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const tasks = page.getByRole('region', { name: /^Tasks/ })
  await tasks.getByText('Yusuf Demir').waitFor()
  const before = await tasks.getByRole('listitem').count()
  await picture(page, 'today-tasks')
  await tasks.getByRole('listitem').filter({ hasText: 'Yusuf Demir' }).getByRole('button').click()
  await tasks.getByText('Yusuf Demir').waitFor({ state: 'detached' })
  expect(await tasks.getByRole('listitem').count()).toBe(before - 1)
  await page.keyboard.press('Control+z')
  await tasks.getByText('Yusuf Demir').waitFor()
  expect(await axe(page)).toEqual([])
  await tasks.getByRole('link', { name: /Apple iPhone 12.*Yusuf Demir/ }).click()
  await page.getByRole('button', { name: /^Buy for/ }).waitFor()
  expect(counter.faults).toEqual([])
})
