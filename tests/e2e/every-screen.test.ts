import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBusyCounter, visit } from './support/counter.ts'
import { everyScreen } from './support/screens.ts'

/** What has the cursor; the content as a whole only where a screen has nothing to begin with. */
const cursor = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document
    if (!at?.closest('#content')) return `outside: ${at?.outerHTML.slice(0, 80)}`
    return at.id === 'content' ? 'the content' : 'where work starts'
  })

test('every screen opens with the cursor where work starts, by its address and by a link', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  // Papers are scrolled, in a test the network is fixed, and in a shop by itself nothing is put aside.
  const expected = (path: string) => (/print|tablets|aside/.test(path) ? 'the content' : 'where work starts')
  for (const { path, there } of await everyScreen(counter)) {
    await page.goto(shop.url + path)
    await page.locator(there).first().waitFor()
    await expect.poll(() => cursor(page), { message: path }).toBe(expected(path))
  }
  await page.goto(shop.url)
  await page.getByRole('row').nth(4).waitFor()
  for (const [link, heading] of [
    ['Buy in', 'Buy in'],
    ['Repairs', 'Repairs'],
    ['Web', 'Web orders'],
    ['Today', 'Today'],
  ] as const) {
    await page.getByRole('navigation').getByRole('link', { name: link }).first().click()
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await expect.poll(() => cursor(page), { message: link }).toBe('where work starts')
  }
  for (const link of ['People', 'The shop', 'My PIN']) {
    await page.getByRole('button', { name: 'Signed in: Olga Owner' }).click()
    await page.getByRole('link', { name: link }).click()
    await expect.poll(() => cursor(page), { message: link }).toBe('where work starts')
  }
  expect(counter.faults).toEqual([])
})

test('whoever types while a screen is on its way keeps the cursor', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const answered = Promise.withResolvers<void>()
  await page.route('**/counter/people', (route) => void answered.promise.then(() => route.continue()))
  await page.goto(`${shop.url}/settings/people`)
  await page.getByRole('heading', { name: 'People' }).waitFor()
  await page.keyboard.type('sam', { delay: 60 })
  answered.resolve()
  await page.getByRole('rowheader', { name: 'Olga Owner' }).waitFor()
  await page.keyboard.type('s', { delay: 60 })
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('sams')
  expect(counter.faults).toEqual([])
})

/** What fingers press and is smaller than they are; a link within a sentence may be, and the one that only Tab finds. */
const tooSmall = (page: Page, least = 44) =>
  page.evaluate((least) => {
    const pressed = 'button, [role=button], a[href], [role=switch], [role=option], select, input, textarea'
    return [...document.querySelectorAll<HTMLElement>(pressed)]
      .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .filter((one) => !one.closest('p, [role=alert], [role=status], [href="#content"]'))
      .map(
        (one) =>
          one.closest<HTMLElement>('label, .mantine-Input-wrapper, .mantine-Checkbox-body, [role=search]') ?? one,
      )
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && Math.min(box.width, box.height) < least - 0.5)
      .map(({ one, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`)
  }, least)

test('what fingers press is as large as they are on every screen, at any size of the window', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const density = () => page.evaluate(() => document.documentElement.dataset['density'])
  const cdp = await page.context().newCDPSession(page)
  const tap = async (x: number, y: number) => {
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] })
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  // A laptop whose screen feels fingers: it says of itself that it has a mouse.
  expect(await page.evaluate(() => matchMedia('(pointer: fine)').matches)).toBe(true)
  await page.mouse.click(400, 90)
  expect(await density()).toBe('counter')
  await tap(400, 90)
  await expect.poll(density).toBe('touch')
  await page.mouse.click(400, 90)
  expect(await density()).toBe('touch')
  await page.reload()
  await expect.poll(density).toBe('counter')
  await tap(400, 90)
  await page.reload()
  await expect.poll(density).toBe('touch')

  const small: string[] = []
  for (const { path, there } of await everyScreen(counter)) {
    await visit(page, shop.url + path)
    await page.locator(there).first().waitFor()
    for (const size of [
      { width: 1366, height: 768 },
      { width: 820, height: 1180 },
    ]) {
      await page.setViewportSize(size)
      for (const one of await tooSmall(page)) small.push(`${path} at ${size.width}: ${one}`)
    }
  }
  expect(small).toEqual([])
  await page.goto(`${shop.url}/repairs`)
  await page.getByRole('gridcell').first().waitFor()
  for (const width of [1366, 820, 547]) {
    await page.setViewportSize({ width, height: 787 })
    const cut = await page.$$eval(':is([role=gridcell]:nth-child(2), [role=gridcell][class*=promised])', (cells) =>
      cells
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
        .map(({ textContent }) => textContent),
    )
    expect(cut, `cut at ${width}`).toEqual([])
  }
  const due = await shop.database.db
    .selectFrom('repair_due')
    .select('order_id')
    .where('due_cents', '>', 0)
    .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/tickets/${due.order_id}`)
  await page
    .getByRole('button', { name: /Take payment|Pay/ })
    .first()
    .click()
  const tenders = page.getByRole('dialog').getByRole('button', { name: /^(Cash|Card|Other)$/ })
  await tenders.first().waitFor()
  for (const tender of await tenders.all()) expect((await tender.boundingBox())!.height).toBeGreaterThanOrEqual(56)
  expect(counter.faults).toEqual([])
})

test('no screen is wider than its window in German at 150 %', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.addInitScript(() =>
    localStorage.setItem('fixpoint.preferences', '{"state":{"language":"de"},"version":0}'),
  )
  await page.reload()
  for (const { path, there } of await everyScreen(counter)) {
    await visit(page, shop.url + path)
    await page.locator(there).first().waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de')
    for (const size of [
      { width: 911, height: 512 },
      { width: 547, height: 787 },
    ]) {
      await page.setViewportSize(size)
      const wide = await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)
      expect(wide, `${path} ${size.width}`).toBeLessThanOrEqual(0)
    }
  }
  expect(counter.faults).toEqual([])
})
