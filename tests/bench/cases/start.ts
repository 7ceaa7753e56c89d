import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { bundleIsNew } from '../../../server/built.mjs'
import { CLI, FLAGS, pagesAreBuilt } from '../../support/program.ts'
import { median } from '../load.ts'
import { report } from '../report.ts'

const PORT = 18_431
const ROUNDS = 6
const FLOOR = join(import.meta.dirname, '../servers/floor-start.ts')

/** ms from the command to the first answered request, and to a screen that can be typed on, of each round. */
type Starts = { answers: number[]; screens: number[] }

/** P10: a start on the large file, beside one of bare Node with Express on the same file, in turn. */
export async function p10(file: string): Promise<void> {
  if (!bundleIsNew()) console.log('P10: the program starts from its sources, which takes longer (npm run build)')
  const data = mkdtempSync(join(tmpdir(), 'fixpoint-start-'))
  symlinkSync(file, join(data, 'fixpoint.db'))
  const ours: Starts = { answers: [], screens: [] }
  const floor: Starts = { answers: [], screens: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const counts = round > 0 // The first one finds nothing in the system's memory.
    await measure([...CLI, 'serve', '--port', String(PORT), '--data', data], counts ? ours : null)
    await measure([...FLAGS, FLOOR, file, String(PORT)], counts ? floor : null)
  }
  rmSync(data, { recursive: true })
  const answers = [median(ours.answers), median(floor.answers)] as const
  const reached = answers[0] <= 400 || answers[0] <= 2.5 * answers[1]
  reportStart('start to first answered request', [ours.answers, floor.answers], '≤ 400 ms or ≤ 2.5×', reached)
  if (ours.screens.length === 0)
    return console.log('P10: the screen was not measured: no Chromium, or no built pages (npm run build)')
  const isShown = median(ours.screens) <= 1_500
  reportStart('start to a screen to type on', [ours.screens, floor.screens], '≤ 1500 ms', isShown)
}

async function measure(words: string[], into: Starts | null) {
  const began = performance.now()
  const server = spawn(process.execPath, words, { stdio: 'ignore' })
  await firstAnswer(server)
  into?.answers.push(performance.now() - began)
  const shown = await firstScreen(began)
  if (shown !== null) into?.screens.push(shown)
  server.kill('SIGTERM')
  await once(server, 'exit')
}

function reportStart(what: string, [ours, floor]: readonly [number[], number[]], goal: string, reached: boolean) {
  const [ms, bare] = [median(ours), median(floor)]
  const result = `${Math.round(ms)} ms (worst ${Math.round(Math.max(...ours))}), ${(ms / bare).toFixed(2)}× the floor of ${Math.round(bare)} ms`
  report({ name: 'P10', what, goal, result, reached })
}

export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/google-chrome', process.env['CHROME_PATH'] ?? ''].find(
  existsSync,
)

/** Opens a browser on the counter and waits for its first field: ms since `began`, null where there is no browser or no built page. */
async function firstScreen(began: number): Promise<number | null> {
  if (!CHROMIUM || !pagesAreBuilt()) return null
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${PORT}/`)
  await page.locator('input').first().waitFor()
  const shown = performance.now() - began
  await browser.close()
  return shown
}

/** Returns once `/health` of a started server answers. */
export async function firstAnswer(server: ChildProcess, port = PORT): Promise<void> {
  while (server.exitCode === null) {
    const reply = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null) // Not listening yet.
    if (reply?.ok) return
    await pause(5)
  }
  throw new Error(`The server ended with ${server.exitCode} before it answered`)
}
