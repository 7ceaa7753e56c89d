import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { shopFile } from '../big-shop.ts'
import { quantiles } from '../load.ts'
import { report } from '../report.ts'
import { onCounterPage } from './screen.ts'

/** Of the list that is scrolled, unless the run is of a smaller shop. */
const MOST = 100_000
const SECONDS = 6
/** Of one frame in sixty a second, in ms. */
const FRAME = 1000 / 60

/** P13: frames of a list of up to 100,000 repairs that is scrolled, and from a key or a press to the next paint; beside the same page with an empty list. */
export async function longList(orders: number): Promise<void> {
  const repairs = Math.min(MOST, orders)
  const file = await shopFile({ orders: repairs, customers: repairs / 5, notes: repairs / 5 })
  const data = mkdtempSync(join(tmpdir(), 'fixpoint-list-'))
  symlinkSync(file, join(data, 'fixpoint.db'))
  await onCounterPage(data, async (page, url) => {
    const script = await scriptSize(page, url)
    report({
      name: 'P13',
      what: "the first screen's script, gzip",
      goal: '≤ 250 kB',
      result: `${Math.round(script / 1000)} kB`,
      reached: script <= 250_000,
    })
    await page.goto(`${url}/repairs?show=all&q=zzzzzz`)
    await page.getByText(/No repair/).waitFor()
    const empty = { frames: await frames(page, 0), paint: await paints(page, ['Alt+f', 'x', 'Backspace']) }
    await page.goto(`${url}/repairs?show=all`)
    await page.locator('[role=grid] [role=row]').nth(5).waitFor()
    const began = performance.now()
    await page.evaluate(`(${LOAD_ALL})(${repairs})`)
    const loaded = Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1
    console.log(`      P13  ${loaded} rows loaded by scrolling in ${Math.round((performance.now() - began) / 1000)} s`)
    const full = {
      frames: await frames(page, -90),
      paint: await paints(page, ['ArrowDown', 'ArrowDown', 'PageDown', 'ArrowUp', 'Control+Space', 'Control+Space']),
    }
    reportFrames(loaded, full.frames, empty.frames)
    const [ours, floor] = [full.paint, empty.paint].map((times) => quantiles(times))
    report({
      name: 'P13',
      what: `interaction to next paint in a list of ${loaded.toLocaleString('en')}`,
      goal: '≤ 100 ms',
      result: `p50 ${ours!.p50}, worst ${ours!.worst} ms (empty list: p50 ${floor!.p50}, worst ${floor!.worst} ms)`,
      reached: ours!.worst <= 100,
    })
  })
  rmSync(data, { recursive: true })
}

function reportFrames(rows: number, full: number[], empty: number[]) {
  const shown = (times: number[]) => {
    const { p50, p95 } = quantiles(times)
    return `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)} ms, ${dropped(times)} of ${times.length} dropped`
  }
  const [ours, floor] = [full, empty].map((times) => quantiles(times))
  report({
    name: 'P13',
    what: `frames while ${rows.toLocaleString('en')} rows are scrolled`,
    goal: '60 a second: p95 ≤ 1.1× of the empty list, 2 % dropped beyond its own',
    result: `${shown(full)} (empty list: ${shown(empty)})`,
    reached: ours!.p95 <= 1.1 * floor!.p95 && dropped(full) - dropped(empty) <= 0.02 * full.length,
  })
}

/** Frames that should have been painted and were not. */
const dropped = (times: readonly number[]) =>
  times.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / FRAME) - 1), 0)

/**
 * What a browser that nobody is signed in to fetches of script until it can be typed on, in bytes as gzip makes them. A page
 * that somebody is signed in to fetches every screen, so that they are there when the line drops.
 */
async function scriptSize(page: Page, url: string): Promise<number> {
  const context = await page.context().browser()!.newContext()
  const first = await context.newPage()
  await first.goto(url)
  await first.locator('input').first().waitFor()
  const names = (await first.evaluate(
    `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /\\.js(\\?|$)/.test(name))`,
  )) as string[]
  await context.close()
  const sizes = await Promise.all(
    names.map(async (name) => gzipSync(Buffer.from(await (await fetch(name)).arrayBuffer())).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** ms between frames while the list moves by so many pixels each. */
const frames = async (page: Page, pixels: number) =>
  (await page.evaluate(`(${SCROLL})(${pixels}, ${SECONDS * 1000})`)) as number[]

/** ms from each key to the paint after it, by the browser's own event timing (in steps of 8 ms). */
async function paints(page: Page, keys: readonly string[]): Promise<number[]> {
  await page.evaluate(WATCH_PAINTS)
  for (let round = 0; round < 10; round++)
    for (const key of keys) {
      await page.keyboard.press(key, { delay: 60 })
      await page.waitForTimeout(60)
    }
  return (await page.evaluate('window.paints')) as number[]
}

/** These run in the page, which this program knows nothing of. */
const LOAD_ALL = `(total) => new Promise((done) => {
  const grid = document.querySelector('[role=grid]')
  const until = performance.now() + 240_000
  const down = () => {
    grid.scrollTop = grid.scrollHeight
    if (Number(grid.getAttribute('aria-rowcount')) > total || performance.now() > until) setTimeout(done, 500)
    else requestAnimationFrame(down)
  }
  down()
})`
const SCROLL = `(pixels, ms) => new Promise((done) => {
  const grid = document.querySelector('[role=grid]')
  if (grid && pixels < 0) grid.scrollTop = grid.scrollHeight / 2
  const times = []
  let last = 0
  const until = performance.now() + ms
  const step = (now) => {
    if (last) times.push(now - last)
    last = now
    if (grid) grid.scrollTop += pixels
    if (now > until) done(times.slice(10))
    else requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
})`
const WATCH_PAINTS = `new Promise((done) => {
  window.paints = []
  const keep = (list) => {
    for (const { name, duration } of list.getEntries()) if (name === 'keydown') window.paints.push(duration)
  }
  new PerformanceObserver(keep).observe({ type: 'event', durationThreshold: 16, buffered: false })
  document.querySelector('[role=grid]')?.focus()
  done()
})`
