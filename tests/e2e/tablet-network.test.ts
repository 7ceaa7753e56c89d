import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { type } from '../cli/command-line.ts'
import { freshDatabase } from '../support/database.ts'
import { ARGS, CHROMIUM } from './support/chromium.ts'
import { photoOf } from './support/photos.ts'
import { mayMakeNetworks, openTwoNetworks } from './support/two-networks.ts'

const allowed = mayMakeNetworks()
if (!allowed)
  process.stderr.write('A tablet in a network of its own is not tried: this needs Linux and its administrator.\n')

const PORT = 8_000

async function signIn(page: Page, url: string) {
  await page.goto(url)
  await page.getByLabel(/Phone/).fill('555-0100')
  await page.getByLabel('Password', { exact: true }).fill('correct horse')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
}

test.skipIf(!allowed)('a tablet works on the shop’s network with the way out of the shop cut', async () => {
  await using stack = new AsyncDisposableStack()
  const { folder, remove } = await freshDatabase()
  stack.defer(remove)
  const owner = ['--full-name', 'Olga Owner', '--phone', '555-0100', '--role', 'admin']
  await type(['user', 'add', ...owner, '--password-stdin', '--data', folder], 'correct horse\n')
  const models = join(folder, 'models.csv')
  writeFileSync(models, 'type,brand,model\nLaptop,Lenovo,ThinkPad X1\n')
  await type(['import', 'models', models, '--data', folder])
  const networks = stack.use(openTwoNetworks())
  stack.defer(await networks.serve(folder, PORT))
  const browserOn = async (machine: 'counter' | 'tablet') => {
    const executablePath = networks.browserOn(machine, CHROMIUM!, folder)
    const browser = await chromium.launch({ executablePath, args: ARGS })
    stack.defer(() => browser.close())
    return () => browser.newPage({ locale: 'en-GB', viewport: { width: 1180, height: 820 } })
  }
  const [openCounter, openTablet] = await Promise.all([browserOn('counter'), browserOn('tablet')])
  const counter = await openCounter()

  await signIn(counter, `http://127.0.0.1:${PORT}`)
  const shared = `http://${networks.address}:${PORT}`
  // A page of its own: Chromium loads one that failed again by itself.
  const early = await openTablet()
  await expect(early.goto(shared)).rejects.toThrow('ERR_CONNECTION_REFUSED')
  await early.close()
  await counter.goto(`http://127.0.0.1:${PORT}/settings/tablets`)
  await counter.getByRole('switch', { name: /Share Fixpoint/ }).check()
  await counter.getByText(shared).waitFor()
  const tablet = await openTablet()
  await signIn(tablet, shared)
  await counter.getByRole('row', { name: /Olga Owner here now/ }).waitFor()
  expect(await tablet.evaluate(() => isSecureContext)).toBe(false)

  await counter.goto(`http://127.0.0.1:${PORT}/repairs`)
  await tablet.goto(`${shared}/intake`)
  await tablet.getByLabel('Name', { exact: true }).fill('Carla Customer')
  await tablet.locator('input[type=file]').setInputFiles([await photoOf('screen'), await photoOf('lid')])
  await tablet.getByRole('img', { name: 'Photo 2' }).waitFor()
  await tablet.getByRole('textbox', { name: 'Model' }).fill('ThinkPad X1')
  await tablet.getByRole('option', { name: /ThinkPad/ }).waitFor()
  await tablet.keyboard.press('Enter')
  await tablet.locator('[data-step=problems]:focus').waitFor()
  await tablet.keyboard.press('Control+Enter')
  await counter.getByText('Carla Customer').first().waitFor()
  await tablet.getByRole('button', { name: 'Not now' }).click()

  await counter.goto(`http://127.0.0.1:${PORT}/tickets/1`)
  await counter.getByRole('button', { name: 'Photo 2' }).waitFor()
  await counter.getByRole('button', { name: 'Edit: Problem' }).click()
  const problem = counter.getByRole('textbox', { name: 'Problem' })
  await problem.fill('Typed at the counter')
  await problem.press('Control+Enter')
  await tablet.getByText('Typed at the counter').first().waitFor()

  networks.cable('down')
  await counter.getByRole('button', { name: 'Edit: Problem' }).click()
  await problem.fill('Typed while the cable was out')
  await problem.press('Control+Enter')
  await problem.waitFor({ state: 'detached' })
  networks.cable('up')
  await tablet.getByText('Typed while the cable was out').first().waitFor()
})
