import { expect, test } from 'vitest'
import { openBusyCounter, openCounter, picture, setUpShop } from './support/counter.ts'
import { photoOf } from './support/photos.ts'

test('photos of a device survive a reload of the draft and are on the ticket once it is taken in', async () => {
  await using counter = await openCounter()
  const { page } = counter
  await setUpShop(counter)
  await page.getByRole('button', { name: 'Open the shop' }).click()
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.keyboard.press('F2')
  await page.getByLabel('Name', { exact: true }).fill('Carla Customer')
  await page.locator('input[type=file]').setInputFiles([await photoOf('screen'), await photoOf('lid')])
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  await page.reload()
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Carla Customer')

  await page.getByRole('button', { name: 'Discard draft' }).click()
  await page.getByRole('img', { name: 'Photo 1' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  await page.locator('input[type=file]').setInputFiles([await photoOf('lid')])
  await page.getByRole('button', { name: 'Leave photo 3 out' }).click()

  await page.getByRole('textbox', { name: 'Model' }).fill('Lenovo ThinkPad X1')
  await page.getByRole('option', { name: /ThinkPad/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('Laptop', { exact: true }).click()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: 'S1-T1-000001' }).waitFor()
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.getByRole('button', { name: 'Photo 2' }).click()
  await page.getByRole('dialog', { name: 'Photo 2 of 2' }).waitFor()
  await picture(page, 'photo')
  await page.keyboard.press('ArrowRight')
  await page.getByRole('dialog', { name: 'Photo 1 of 2' }).waitFor()
  await page.getByRole('button', { name: 'Take off the ticket' }).click()
  await page.getByText('A photo taken off').waitFor()
  await page.getByRole('button', { name: 'Photo 2' }).waitFor({ state: 'detached' })
  expect(await page.getByText('1 photo added').count()).toBe(2)
  expect(counter.faults).toEqual([])
})

test('photos taken while the server is away wait on the device and are sent once it is back', async () => {
  await using counter = await openBusyCounter()
  const { page, context, shop } = counter
  await page.goto(`${shop.url}/tickets/1`)
  await page.getByRole('button', { name: 'Add photos' }).waitFor()
  await context.setOffline(true)
  await page.locator('input[type=file]').setInputFiles([await photoOf('screen'), await photoOf('lid')])
  await page.getByText('2 photos are safe on this device and on their way.').waitFor()
  const kept = () => shop.database.db.selectFrom('ticket_photo').select('order_id').execute()
  expect(await kept()).toEqual([])
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Photo 2' }).waitFor()
  expect(await kept()).toEqual([{ order_id: 1 }, { order_id: 1 }])
  expect(counter.faults).toEqual([])
})

test('a photo that the server does not take says why, and can be left out', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/tickets/1`)
  await page.getByRole('button', { name: 'Add photos' }).waitFor()
  const words = { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('words') }
  await page.locator('input[type=file]').setInputFiles([words, await photoOf('lid')])
  await page.getByRole('alert').filter({ hasText: 'notes.jpg' }).waitFor()
  await page.getByRole('button', { name: 'Photo 1' }).waitFor()
  await page.getByRole('button', { name: 'Leave it out' }).click()
  await page.getByRole('alert').waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})
