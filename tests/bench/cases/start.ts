import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { median } from '../load.ts'
import { report } from '../report.ts'
import { CLI, pagesAreBuilt } from '../../support/program.ts'

const PORT = 18_431

/** P10: from the command to the first answered request, and to a screen that can be typed on, on the large file. */
export async function p10(file: string): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'fixpoint-start-'))
  symlinkSync(file, join(data, 'fixpoint.db'))
  const answers: number[] = []
  const screens: number[] = []
  for (let round = 0; round < 6; round++) {
    const began = performance.now()
    const server = spawn(process.execPath, [...CLI, 'serve', '--port', String(PORT), '--data', data], {
      stdio: 'ignore',
    })
    await firstAnswer(server)
    const answered = performance.now() - began
    const shown = await firstScreen(began)
    if (round > 0) answers.push(answered)
    if (round > 0 && shown) screens.push(shown)
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  rmSync(data, { recursive: true })
  reportStart('start to first answered request', answers, 700)
  if (screens.length > 0) reportStart('start to a screen to type on', screens, 2_500)
  else console.log('P10: the screen was not measured: no Chromium, or no built pages (npm run build)')
}

function reportStart(what: string, times: number[], goal: number) {
  const ms = median(times)
  const result = `${Math.round(ms)} ms (worst ${Math.round(Math.max(...times))})`
  report({ name: 'P10', what, goal: `≤ ${goal} ms`, result, reached: ms <= goal })
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
