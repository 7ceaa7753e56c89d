import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core'
import { expect } from 'vitest'
import { freshDatabase } from '../../support/database.ts'
import { strokesOf, typedOn, type Layout } from '../../../renderer/ui/scanner/layouts.ts'
import { openShop, type Shop, type ShopOptions } from '../../support/shop.ts'
import { ARGS, CHROMIUM } from './chromium.ts'

/** A shop with a browser at its counter. */
export type Counter = {
  shop: Shop
  page: Page
  context: BrowserContext
  /** Another window, signed in by nobody. */
  another(): Promise<Page>
  /** Errors that a page reported, which no test may leave behind. */
  faults: string[]
  [Symbol.asyncDispose](): Promise<void>
}

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>
/** `storageState`: what the browser brings along, its cookies above all. */
type CounterOptions = ShopOptions & { storageState?: StorageState }

/** One browser for all tests of this process, each in a context of its own; it ends with the process. */
let browser: Promise<Browser> | undefined

/** Opens a shop and a page on it; the page's clock shows the shop's time, so that pictures come out alike. */
export async function openCounter({ storageState, ...options }: CounterOptions = {}): Promise<Counter> {
  if (!CHROMIUM)
    throw new Error('The browser tests need Chromium (Debian: apt-get install chromium-headless-shell), or CHROME_PATH')
  const shop = await openShop(options)
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: ARGS })
  const context = await (
    await browser
  ).newContext({
    ...(storageState && { storageState }),
    viewport: SIZES.desk,
    // A quarter of the dots is enough, but for pictures that people look at.
    deviceScaleFactor: process.env['FIXPOINT_SCREENS'] ? 1 : 0.5,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(60_000)
  await context.addInitScript(() => {
    Object.assign(globalThis, { ownTimeStamp: Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp') })
  })
  await context.clock.setFixedTime(shop.clock.now())
  // The fixed clock gives events the instant at which they are looked at; a scanner is known by when its keys came.
  await context.addInitScript(() => {
    const { ownTimeStamp } = globalThis as unknown as { ownTimeStamp: PropertyDescriptor }
    Object.defineProperty(Event.prototype, 'timeStamp', ownTimeStamp)
  })
  const faults: string[] = []
  const another = async () => {
    const page = await context.newPage()
    await page.clock.setFixedTime(shop.clock.now())
    watchRequests(page)
    lookBeforeChords(page)
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()))
        faults.push(message.text())
    })
    return page
  }
  return {
    shop,
    context,
    page: await another(),
    another,
    faults,
    [Symbol.asyncDispose]: async () => {
      await context.close()
      await shop[Symbol.asyncDispose]()
    },
  }
}

/** The sizes of counter, big screen and tablet. */
const SIZES = {
  desk: { width: 1366, height: 768 },
  wide: { width: 1920, height: 1080 },
  tablet: { width: 820, height: 1180 },
}

/** Out of git's sight, so that running the tests leaves the work tree clean; `npm run screens` names the documentation's. */
const SCREENS = process.env['FIXPOINT_SCREENS'] ?? join(import.meta.dirname, '../../../out/screens')

/** Where changes are checked nobody looks at them. */
const PICTURES_ARE_KEPT = !process.env['CI']

/**
 * Takes pictures of a screen at the counter, on a big dark screen and on a tablet, whose screen is for fingers. Axe looks at the first for everything,
 * at each other one for what is different there: the colours, and all else.
 */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true })
  const touch = await page.context().newCDPSession(page)
  for (const [suffix, size, colorScheme, rules] of [
    ['', SIZES.desk, 'light', {}],
    ['-dark', SIZES.wide, 'dark', COLOURS],
    ['-tablet', SIZES.tablet, 'light', ALL_BUT_COLOURS],
  ] as const) {
    await page.setViewportSize(size)
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: size === SIZES.tablet })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await settled(page)
    if (PICTURES_ARE_KEPT)
      await page.screenshot({ path: join(SCREENS, `${name}${suffix}.png`), animations: 'disabled', caret: 'hide' })
    expect(await axe(page, rules), `axe on ${name}${suffix}`).toEqual([])
  }
  await touch.send('Emulation.setTouchEmulationEnabled', { enabled: false })
  await touch.detach()
  await page.setViewportSize(SIZES.desk)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await settled(page)
}

/**
 * Goes to another screen of the shop as a link does, in a tenth of the time that loading the page takes. A page that shows
 * none of its screens yet loads it.
 */
export async function visit(page: Page, url: string): Promise<void> {
  const { origin, pathname, search, hash } = new URL(url)
  if (new URL(page.url()).origin !== origin) {
    await page.goto(url)
    return
  }
  await page.evaluate(
    (address) => {
      history.pushState(null, '', address)
      dispatchEvent(new PopStateEvent('popstate', { state: null }))
    },
    pathname + search + hash,
  )
}

/** Waits until the page has fetched every screen ahead, one after the other: it has begun with the last one. */
export async function fetchedAhead(page: Page): Promise<void> {
  await page.locator('link[href*="/assets/print-"]').first().waitFor({ state: 'attached' })
}

/** What a page is still being sent; the stream of live events, which never ends, does not count. */
const underWay = new WeakMap<Page, Set<Request>>()

function watchRequests(page: Page) {
  const requests = new Set<Request>()
  const end = (request: Request) => void requests.delete(request)
  page.on('request', (request) => {
    if (!request.url().endsWith('/counter/events')) requests.add(request)
  })
  page.on('requestfinished', end).on('requestfailed', end)
  underWay.set(page, requests)
}

const A_CHORD = /^(Shift\+)?F\d+$|^Alt\+|^Control\+Enter$/
/** A test may hold an answer back, and presses then all the same. */
const LOOK_MS = 1_000

/**
 * People press a chord when they see it on a button: `press` waits, for a moment at most, until what was asked for is there and
 * drawn. `down` and `up` do not.
 */
function lookBeforeChords(page: Page) {
  const press = page.keyboard.press.bind(page.keyboard)
  page.keyboard.press = async (key, options) => {
    if (A_CHORD.test(key)) {
      const until = performance.now() + LOOK_MS
      while (underWay.get(page)!.size > 0 && performance.now() < until) await page.waitForTimeout(20)
      await drawn(page)
    }
    await press(key, options)
  }
}

const drawn = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))

/** Waits until nothing is being loaded and the fonts are there. */
async function settled(page: Page) {
  const loading = () => [...(underWay.get(page) ?? [])].map((request) => `${request.method()} ${request.url()}`)
  await expect.poll(loading, { timeout: 60_000 }).toEqual([])
  await page.evaluate(() => document.fonts.ready.then(() => {}))
  await drawn(page)
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type AxeRules = { runOnly?: string[]; rules?: Record<string, { enabled: boolean }> }
type AxeResult = { violations: { id: string; nodes: { html: string }[] }[] }
type AxeWindow = { axe?: { run(options: AxeRules & { resultTypes: string[] }): Promise<AxeResult> } }

const COLOURS: AxeRules = { runOnly: ['color-contrast'] }
const ALL_BUT_COLOURS: AxeRules = { rules: { 'color-contrast': { enabled: false } } }

/** What axe finds on the page: rule and element. */
export async function axe(page: Page, rules: AxeRules = {}): Promise<string[]> {
  if (await page.evaluate(() => !(window as AxeWindow).axe)) await page.evaluate(AXE)
  const violations = await page.evaluate(async (rules) => {
    const options = { ...rules, resultTypes: ['violations'] }
    return (await (window as AxeWindow).axe!.run(options)).violations
  }, rules)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

/** Fills in the set-up as the owner does it: the address with the code, then the form. Country, pounds and tax follow from the computer’s clock. */
export async function setUpShop({ shop, page }: Counter): Promise<void> {
  await page.goto(`${shop.url}/setup#${shop.context.run.setupCode}`)
  await page.getByLabel('Your name').fill('Olga Owner')
  await page.getByLabel('Phone', { exact: true }).fill('555-0100')
  await page.getByLabel('Password', { exact: true }).fill('correct horse')
  await page.getByLabel('PIN (optional)').fill('2468')
  await page.getByLabel('Name of the shop').fill('Corner Repairs')
}

/** A shop on its first day, with its owner at the counter. */
export async function openNewCounter(): Promise<Counter> {
  const counter = await openCounter()
  await setUpShop(counter)
  await finishSetUp(counter)
  return counter
}

/** A shop whose server can be stopped and started again. */
type BusyCounter = Counter & {
  /** The same shop by a new server, with a browser that has nothing but who is signed in. */
  restarted(): Promise<Counter>
}

/** A shop in the middle of its work: the demonstration, with its owner at the counter. A copy of its own for each test. */
export async function openBusyCounter(options: ShopOptions = {}): Promise<BusyCounter> {
  busyShop ??= makeBusyShop().catch((error: unknown) => {
    busyShop = undefined // The next test sets one up anew.
    throw error
  })
  const { folder, storageState } = await busyShop
  const copy = mkdtempSync(join(tmpdir(), 'fixpoint-test-'))
  cpSync(folder, copy, { recursive: true })
  const remove = async () => rmSync(copy, { recursive: true, force: true })
  const on = { folder: copy, at: { file: join(copy, 'fixpoint.db') }, remove }
  const open = async () => {
    const counter = await openCounter({ ...options, on, storageState })
    await counter.page.goto(counter.shop.url)
    await counter.page.getByRole('heading', { name: 'Today' }).waitFor()
    return counter
  }
  let running = await open()
  const restarted = async () => {
    await running[Symbol.asyncDispose]()
    running = await open()
    return running
  }
  const close = async () => {
    await running[Symbol.asyncDispose]()
    await remove()
  }
  return { ...running, restarted, [Symbol.asyncDispose]: close }
}

let busyShop: Promise<{ folder: string; storageState: StorageState }> | undefined

/** Sets such a shop up once for all tests of this process. */
async function makeBusyShop() {
  const on = await freshDatabase()
  await using counter = await openCounter({ on })
  await setUpShop(counter)
  await counter.page.getByRole('checkbox', { name: /example/ }).check()
  await finishSetUp(counter)
  await counter.shop.database.flushSearchIndex()
  const { cookies } = await counter.context.storageState()
  return { folder: on.folder, storageState: { cookies, origins: [] } }
}

async function finishSetUp({ page }: Counter): Promise<void> {
  await page.getByRole('button', { name: 'Open the shop' }).click()
  await page.getByRole('heading', { name: 'Today' }).waitFor()
}

/** What of the page is higher than the place it has: the document and each pane that would scroll. */
export const scrolled = (page: Page): Promise<string[]> =>
  page.$$eval('html, body, #content, #content *', (elements) =>
    elements
      .filter((element) => element.matches('html, body') || /auto|scroll/.test(getComputedStyle(element).overflowY))
      .filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
      .map(
        ({ tagName, className, scrollHeight, clientHeight }) =>
          `${tagName}.${className} ${scrollHeight} > ${clientHeight}`,
      ),
  )

/** Types a model at intake and takes the first that is found; the cursor is then at the problems. */
export async function chooseModel(page: Page, name: string): Promise<void> {
  await page.locator('[data-step=model]').fill(name)
  await page
    .getByRole('option', { name: new RegExp(name) })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-step=problems]:focus').waitFor()
}

type Scanner = {
  /** Milliseconds from key to key. */
  gap?: number
  /** The key, from 0 on, that comes so many milliseconds later than its turn. */
  late?: { key: number; by: number }
  /** Whether an Enter follows. */
  enter?: boolean
  /** How the machine takes the keys of a scanner that is set to a US keyboard. */
  machine?: Layout
}

/** Keys of one scan come after those of the scan before, whatever the real time is. */
const scannedUntil = new WeakMap<Page, number>()

/**
 * A scanner that poses as a keyboard: real keys, which type where the cursor is, then Enter. They are sent at once with
 * their instants, since Chromium takes longer to confirm a key than a scanner to press it, and nobody waits for a slow one.
 */
export async function scan(page: Page, text: string, { gap = 5, late, enter = true, machine = 'us' }: Scanner = {}) {
  const keyboard = await page.context().newCDPSession(page)
  const begun = Math.max(Date.now(), (scannedUntil.get(page) ?? 0) + 2_000)
  const keys = [...keysOf(text, machine), ...(enter ? [ENTER] : [])]
  const delayOf = (index: number) => index * gap + (late && index >= late.key ? late.by : 0)
  scannedUntil.set(page, begun + delayOf(keys.length))
  const pressed = keys.flatMap(({ modifiers, ...key }, index) => {
    const timestamp = (begun + delayOf(index)) / 1_000
    return [
      keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp, modifiers, ...key }),
      keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, key: key.key, code: key.code }),
    ]
  })
  await Promise.all(pressed)
  await keyboard.detach()
}

/** Two seconds later somebody presses Enter, which is no part of the scan any more. */
export const pressEnterLater = (page: Page) => scan(page, '')

const ENTER = { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13, modifiers: 0 }
const SHIFT = 8

function keysOf(text: string, machine: Layout) {
  const strokes = strokesOf(text, 'us')
  if (!strokes) throw new Error(`No scanner types ${text}`)
  const typed = [...(typedOn(strokes, machine) ?? '')]
  return strokes.map(({ code, shift }, index) => {
    const key = typed[index] ?? ''
    return { key, code, text: key, windowsVirtualKeyCode: 0, modifiers: shift ? SHIFT : 0 }
  })
}
