import { expect, test } from 'vitest'
import { openBusyCounter, picture } from './support/counter.ts'

/** A second address of this machine, which stands for the one that it has in the shop's network. */
const WIFI = { name: 'wlan0', address: '127.0.0.2' }
const CABLE = { name: 'eth0', address: '127.0.0.3' }
/** A tablet, as a proxy brings its requests: all of this machine's own would count as the counter's. */
const TABLET = {
  viewport: { width: 820, height: 1180 },
  extraHTTPHeaders: { 'x-forwarded-for': '192.168.1.30' },
  userAgent: 'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
}

test.skipIf(process.platform === 'darwin')(
  'the owner shares the server with a tablet, sees who is there, and signs it out',
  async () => {
    await using counter = await openBusyCounter({
      networks: () => [CABLE, WIFI],
      config: { hosts: [WIFI.address], trustedProxies: ['loopback'] },
    })
    const { page, shop } = counter
    const address = `http://${WIFI.address}:${new URL(shop.url).port}`
    await page.getByRole('button', { name: /Olga Owner/ }).click()
    await page.getByRole('link', { name: 'Tablets' }).click()
    await page.getByText('Passwords cross this network in clear text').waitFor()
    expect(await page.getByText(address).count()).toBe(0)
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('switch')
    await page.getByRole('combobox', { name: 'Network' }).click()
    await page.getByRole('option', { name: 'Cable (eth0) · 127.0.0.3' }).waitFor()
    await page.getByRole('option', { name: 'Wi-Fi (wlan0) · 127.0.0.2' }).click()
    await picture(page, 'tablets-choice')
    await page.getByRole('switch', { name: /Share Fixpoint/ }).focus()
    await page.keyboard.press('Space')
    await page.getByText(address).waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('switch')
    await page.getByRole('img', { name: `The address ${address} as a code` }).waitFor()

    const context = await counter.context.browser()!.newContext(TABLET)
    const tablet = await context.newPage()
    await tablet.goto(address)
    await tablet.getByLabel(/Phone/).fill('555-0100')
    await tablet.getByLabel('Password', { exact: true }).fill('correct horse')
    await tablet.keyboard.press('Enter')
    await tablet.getByRole('heading', { name: 'Today' }).waitFor()
    const row = page.getByRole('row', { name: /Android · Chrome.*192\.168\.1\.30/ })
    await row.getByText('here now').waitFor()
    await picture(page, 'tablets')
    await row.getByRole('button', { name: 'Sign out Android · Chrome of Olga Owner' }).click()
    await page.getByText('Nobody is connected from another device.').waitFor()
    await tablet.getByLabel('Password', { exact: true }).waitFor()
    await context.close()

    await page.getByRole('switch', { name: /Share Fixpoint/ }).uncheck()
    await page.getByText(address).waitFor({ state: 'detached' })
    await expect(fetch(`${address}/health`)).rejects.toThrow('fetch failed')
    expect(counter.faults).toEqual([])
  },
)
