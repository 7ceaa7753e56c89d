import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { becomeRole } from '../support/other-chain.ts'
import { openBusyCounter } from './support/counter.ts'
import { photoOf } from './support/photos.ts'

/** Photos whose rows are here before their files. */

test('a photo that is not here yet is said to be on its way, and appears by itself when it comes', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/tickets/1`)
  await page.getByRole('button', { name: 'Add photos' }).waitFor()
  await page.locator('input[type=file]').setInputFiles([await photoOf('lid')])
  const small = page.getByRole('button', { name: 'Photo 1' })
  const isShown = () =>
    small.evaluate((button) => ((button.querySelector('img') as HTMLImageElement | null)?.naturalWidth ?? 0) > 0)
  await expect.poll(isShown).toBe(true)
  const [photos, away] = ['photos', 'elsewhere'].map((name) => join(shop.context.config.data, name)) as [string, string]
  renameSync(photos, away)
  await becomeRole(shop.database, 'terminal')
  await page.reload()
  await small.getByText('The picture is on its way.').waitFor()
  await small.click()
  const dialog = page.getByRole('dialog', { name: 'Photo 1 of 1' })
  await dialog.getByText('The picture is on its way.').waitFor()
  renameSync(away, photos)
  shop.database.notify([{ entity: 'photo', id: 1 }])
  await expect
    .poll(() => dialog.evaluate((all) => (all.querySelector('img') as HTMLImageElement | null)?.naturalWidth ?? 0))
    .toBeGreaterThan(0)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(isShown).toBe(true)
  expect(counter.faults).toEqual([])
})
