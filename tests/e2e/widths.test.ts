import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBusyCounter } from './support/counter.ts'

const DESK = { width: 1366, height: 768 }
const TABLET = { width: 820, height: 1180 }
const WIDE = { width: 1920, height: 1080 }

/** The texts of which a part is not to be seen. */
const cut = (page: Page, selector: string) =>
  page.$$eval(selector, (cells) =>
    cells
      .filter(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
        [scrollWidth - clientWidth, scrollHeight - clientHeight].some((hidden) => hidden > 1),
      )
      .map(({ textContent }) => textContent),
  )

test('a list shows the whole name of a device, at the counter and on a tablet', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/repairs`)
  await page.getByRole('gridcell', { name: 'Apple MacBook Air 13" M1' }).first().waitFor()
  for (const size of [DESK, TABLET]) {
    await page.setViewportSize(size)
    expect(await cut(page, '[role=gridcell]:nth-child(4) *')).toEqual([])
  }
  await page.goto(shop.url)
  await page.getByText('Apple MacBook Air 13" M1').first().waitFor()
  for (const size of [DESK, TABLET]) {
    await page.setViewportSize(size)
    const edges = await page.$$eval('td bdi[class*=device]', (names) =>
      names.map((name) => {
        const cell = name.closest('td')!.getBoundingClientRect()
        const { right, bottom } = name.getBoundingClientRect()
        return right <= cell.right && bottom <= cell.bottom
      }),
    )
    expect(edges.length).toBeGreaterThan(5)
    expect(edges).not.toContain(false)
  }
  expect(counter.faults).toEqual([])
})

test('a customer’s repairs show the whole date, those of last year too', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { customer_id } = await shop.database.db
    .selectFrom('repair_order')
    .innerJoin('device', 'device.id', 'repair_order.device_id')
    .select('owner_id as customer_id')
    .orderBy('repair_order.created_at')
    .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/customers/${customer_id}`)
  await page.getByText('Dec 2025').first().waitFor()
  for (const size of [DESK, TABLET]) {
    await page.setViewportSize(size)
    expect(await cut(page, 'tbody td:nth-child(4)')).toEqual([])
  }
})

test('the button of a page ends where its cards end, on a wide screen too', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.setViewportSize(WIDE)
  for (const [path, button, card] of [
    ['/settings/shop', 'Save', 'fieldset >> nth=1'],
    ['/settings/people', 'Add a person', 'table'],
  ] as const) {
    await page.goto(shop.url + path)
    const [ends, with_] = await Promise.all(
      [page.getByRole('button', { name: button }), page.locator(card)].map(async (place) => {
        const { x, width } = (await place.boundingBox())!
        return Math.round(x + width)
      }),
    )
    expect(ends, path).toBe(with_)
  }
  expect(counter.faults).toEqual([])
})
