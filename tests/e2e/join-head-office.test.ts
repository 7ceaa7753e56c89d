import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { configFrom } from '../../server/config.ts'
import { openLog } from '../../server/http/log.ts'
import { serve } from '../../server/serve.ts'
import { codeFor, openOffice } from '../sync/enrol/office.ts'
import { axe, openCounter } from './support/counter.ts'

/** A server on an empty folder, as somebody starts it for the first time. */
async function newServer() {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-join-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const config = { ...configFrom({ FIXPOINT_DATA: folder }), port: 0, bcryptCost: 4 }
  const server = await serve(config, openLog('info', { write: () => {} }))
  onTestFinished(server.close)
  return server
}

test('a new counter joins head office at its set-up page, with the keyboard alone, and asks who is there', async () => {
  await using office = await openOffice({ startsAt: Date.now() })
  await using counter = await openCounter({ startsAt: Date.now() })
  const { page } = counter
  const server = await newServer()
  await page.goto(server.setupUrl)
  await page.getByRole('button', { name: /has a head office/ }).press('Enter')
  await page.getByRole('heading', { name: 'Join head office' }).waitFor()
  expect(await axe(page)).toEqual([])
  await page.keyboard.type(office.url, { delay: 60 })
  await page.getByLabel('Code', { exact: true }).fill('AAAA-BBBB-CCCC')
  await page.keyboard.press('Control+Enter')
  await page
    .getByRole('alert')
    .getByText(/^This code is wrong/)
    .waitFor()
  expect(await axe(page)).toEqual([])
  await page.getByLabel('Code', { exact: true }).fill(await codeFor(office, 'T2'))
  await page.keyboard.press('Control+Enter')
  await page.getByText('Corner Repairs').waitFor()
  await page.getByLabel('Password', { exact: true }).waitFor()
  expect(counter.faults).toEqual([])
})

test('the page speaks German too, and leads back to a shop of its own', async () => {
  await using counter = await openCounter({ startsAt: Date.now() })
  const { page } = counter
  const server = await newServer()
  await page.goto(server.setupUrl)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.getByRole('button', { name: /einer Zentrale/ }).click()
  await page.getByRole('heading', { name: 'Der Zentrale beitreten' }).waitFor()
  await page.getByRole('button', { name: 'Beitreten' }).click()
  expect(await page.locator('[aria-invalid=true]').count()).toBe(2)
  await page.getByRole('button', { name: 'Einen eigenen Laden einrichten' }).click()
  await page.getByRole('heading', { name: 'Laden einrichten' }).waitFor()
  expect(counter.faults).toEqual([])
})
