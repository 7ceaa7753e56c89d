import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { chooseModel, openBusyCounter, openNewCounter, picture } from './support/counter.ts'
import { largePhoto, photoOf } from './support/photos.ts'

test('photos of a device survive a reload of the draft and are on the ticket once it is taken in', async () => {
  await using counter = await openNewCounter()
  const { page } = counter
  await page.keyboard.press('F2')
  await page.getByLabel('Name', { exact: true }).fill('Carla Customer')
  await page.locator('input[type=file]').setInputFiles([await photoOf('screen'), await photoOf('lid')])
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  await page.reload()
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  await page.getByRole('region', { name: 'Customer' }).getByText('Carla Customer').waitFor()

  await page.getByRole('button', { name: 'Discard draft' }).click()
  await page.getByRole('img', { name: 'Photo 1' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  await page.locator('input[type=file]').setInputFiles([await photoOf('lid')])
  await page.getByRole('button', { name: 'Leave photo 3 out' }).click()

  await chooseModel(page, 'Lenovo ThinkPad X1 Carbon')
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
  expect(await page.getByText(/photos? added/).allTextContents()).toEqual(['2 photos added'])
  expect(counter.faults).toEqual([])
})

test('a photo has its number once a reload cannot lose it, and one that the device cannot keep says so', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.keyboard.press('F2')
  await page.getByRole('button', { name: 'Add photos' }).waitFor()
  const letGo = await holdPhotoStore(page)
  await page.locator('input[type=file]').setInputFiles([await photoOf('screen'), await photoOf('lid')])
  await expect.poll(() => page.getByRole('img', { name: 'A photo that is not kept yet' }).count()).toBe(2)
  expect(await page.getByRole('img', { name: /^Photo/ }).count()).toBe(0)
  await letGo()
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
  })
  await page.locator('input[type=file]').setInputFiles([await photoOf('lid')])
  await page.getByRole('alert').filter({ hasText: '1 photo cannot be kept on this device' }).waitFor()
  await page.getByRole('button', { name: 'Leave photo 3 out' }).click()
  await page.getByRole('alert').waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})

/** Keeps the store of photos busy, as another window may, until it is let go. */
async function holdPhotoStore(page: Page): Promise<() => Promise<void>> {
  const hold = await page.evaluateHandle(
    () =>
      new Promise<{ held: boolean }>((resolve, reject) => {
        const opening = indexedDB.open('fixpoint-photos')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const hold = { held: true }
          const store = opening.result.transaction('waiting', 'readwrite').objectStore('waiting')
          const stay = () => {
            if (hold.held) store.count().onsuccess = stay
            else opening.result.close()
          }
          stay()
          resolve(hold)
        }
      }),
  )
  return () => hold.evaluate((hold) => void (hold.held = false))
}

test('photos follow their draft at once, however long this device takes to keep them', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const add = async () => page.locator('input[type=file]').setInputFiles([await photoOf('lid')])
  const photos = page.getByRole('img', { name: /photo/i })
  await page.keyboard.press('F2')
  await page.getByRole('button', { name: 'Add photos' }).waitFor()
  await add()
  await page.getByRole('button', { name: 'Discard draft' }).click()
  await photos.waitFor({ state: 'detached' })
  await page.getByLabel('Name', { exact: true }).fill('Quick Customer')
  await chooseModel(page, 'Lenovo ThinkPad X1 Carbon')
  await add()
  await page.getByRole('img', { name: 'Photo 1' }).waitFor()
  const letGo = await holdPhotoStore(page)
  await page.getByRole('button', { name: 'Discard draft' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await photos.waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  expect(await photos.count()).toBe(0)
  await add()
  await add()
  await expect.poll(() => photos.count()).toBe(2)
  await letGo()
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  await expect
    .poll(() => shop.database.db.selectFrom('ticket_photo').select('order_id').execute())
    .toMatchObject([{ order_id: expect.any(Number) }])
  await page.reload()
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
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

test('photos that are still being made small go with their device, and none is left for the next one', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.keyboard.press('F2')
  await page.getByLabel('Name', { exact: true }).fill('Hasty Customer')
  await chooseModel(page, 'Lenovo ThinkPad X1 Carbon')
  const photos = await Promise.all([1, 2, 3, 4].map((n) => largePhoto(n)))
  await page.locator('input[type=file]').setInputFiles(photos)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.getByRole('button', { name: 'Photo 4' }).waitFor()
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  expect(await page.getByRole('img', { name: /^Photo/ }).count()).toBe(0)
  const kept = await shop.database.db.selectFrom('ticket_photo').select('order_id').execute()
  expect(new Set(kept.map(({ order_id }) => order_id)).size).toBe(1)
  expect(kept).toHaveLength(4)
  expect(counter.faults).toEqual([])
})

test('a photo waits for the person who took it, whoever is at the counter meanwhile', async () => {
  await using counter = await openBusyCounter()
  const { page, context, shop } = counter
  const takenBy = () => shop.database.db.selectFrom('ticket_photo').select('taken_by').execute()
  await page.goto(`${shop.url}/tickets/1`)
  await page.getByRole('button', { name: 'Add photos' }).waitFor()
  await context.setOffline(true)
  await page.locator('input[type=file]').setInputFiles([await photoOf('screen')])
  await page.getByText('1 photo is safe').waitFor()
  await page.evaluate(() => fetch('/counter/session/lock', { method: 'POST' }).catch(() => undefined))
  await page.keyboard.press('F8')
  await context.setOffline(false)
  await page.getByRole('group', { name: 'PIN' }).waitFor()
  expect(await takenBy()).toEqual([])
  await page.keyboard.type('2468', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Photo 1' }).waitFor()
  const { id } = await shop.database.db
    .selectFrom('user')
    .select('id')
    .where('full_name', '=', 'Olga Owner')
    .executeTakeFirstOrThrow()
  expect(await takenBy()).toEqual([{ taken_by: id }])
})
