import { renameSync } from 'node:fs'
import { CompiledQuery } from 'kysely'
import { expect, test } from 'vitest'
import { checkStructure } from '../../db/file/quick-check.ts'
import { QUERY } from '../../db/handle.ts'
import { openRunningCheck } from '../../server/checks/running-check.ts'
import type { Shop } from '../support/shop.ts'
import { openBusyCounter, picture } from './support/counter.ts'

/** Changes the database past the program, where nothing is written any more too. */
const past = (shop: Shop, text: string) =>
  shop.database.writeCheckRecord(async (trx) => void (await trx[QUERY].executeQuery(CompiledQuery.raw(text))))

async function openCheck({ database, context, clock }: Shop) {
  const at = context.config.database
  return await openRunningCheck({
    database,
    structure: 'file' in at ? () => checkStructure(at.file, { politely: false }) : null,
    now: clock.now,
    idleMs: () => 60_000,
    onFindings: () => {},
    onError: (error) => {
      throw error
    },
  })
}

test('what the daily check finds stands above every screen without a reload, and goes once it is put right', async () => {
  await using counter = await openBusyCounter({ config: { tripwire: false } })
  const { page, shop } = counter
  const check = await openCheck(shop)
  const warning = page.getByRole('status').filter({ hasText: 'The daily check found something' })
  const alarm = page.getByRole('alert').filter({ hasText: 'Nothing can be saved: the database is damaged.' })
  expect(await check.runNow()).toEqual([])
  expect([await warning.count(), await alarm.count()]).toEqual([0, 0])

  // What was put right by itself asks nothing of anybody.
  await past(shop, `update counter set n = 0 where name = 'brand'`)
  expect(await check.runNow()).toMatchObject([{ kind: 'counter' }])
  await page.reload()
  await page.getByRole('status').first().waitFor({ state: 'attached' })
  expect([await warning.count(), await alarm.count()]).toEqual([0, 0])

  await past(shop, `update brand set name = name || '!' where id = 1`)
  await check.runNow()
  await warning.filter({ hasText: 'A row is not as it was saved: brand 1: name.' }).waitFor()
  await picture(page, 'check-finding')
  const inLanguage = (language: string) => {
    const kept = JSON.stringify({ state: { language }, version: 0 })
    return page.evaluate((text) => localStorage.setItem('fixpoint.preferences', text), kept)
  }
  await inLanguage('de')
  await page.reload()
  await page.getByText('Eine Zeile ist anders, als sie gespeichert wurde: brand 1: name.').waitFor()
  await inLanguage('en')
  await page.goto(`${shop.url}/intake`)
  await warning.waitFor()

  await past(shop, `update journal set at = at + 1 where seq = 8`)
  await check.runNow()
  await alarm.filter({ hasText: 'npm run fixpoint -- restore FILE' }).waitFor()
  await picture(page, 'check-blocked')

  await past(shop, `update journal set at = at - 1 where seq = 8`)
  await past(shop, `update brand set name = rtrim(name, '!') where id = 1`)
  expect(await check.runNow()).toEqual([])
  await alarm.waitFor({ state: 'detached' })

  const changed = page.getByRole('alert').filter({ hasText: 'another program has changed the database' })
  await past(shop, 'create trigger evil after insert on brand begin select 1; end')
  await check.runNow()
  await changed.filter({ hasText: 'with the file of this very database and no backup' }).waitFor()
  expect(await alarm.count()).toBe(0)
  await past(shop, 'drop trigger evil')
  expect(await check.runNow()).toEqual([])
  await changed.waitFor({ state: 'detached' })
  await warning.waitFor({ state: 'detached' })
  await check.close()
  expect(counter.faults).toEqual([])
})

test('a file that is taken from under the server is said above every screen, and the alarm goes when it is back', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { file } = shop.context.config.database as { file: string }
  const alarm = page.getByRole('alert').filter({ hasText: `Nothing can be saved: ${file} is no longer in its place.` })
  renameSync(file, `${file}.away`)
  expect(shop.database.place.look()).toBe(file)
  await alarm.filter({ hasText: 'have it put back where it was' }).waitFor()
  renameSync(`${file}.away`, file)
  expect(shop.database.place.look()).toBeNull()
  await alarm.waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})
