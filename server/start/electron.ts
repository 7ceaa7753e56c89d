import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../built.mjs'
import type { Window } from './window.ts'
import { runWindow } from './run-window.ts'

const HOME = join(ROOT, 'node_modules', 'electron')
/** Where Electron's runtime is fetched from; whoever mirrors it sets ELECTRON_MIRROR. */
const SOURCE = process.env['ELECTRON_MIRROR'] || process.env['npm_config_electron_mirror'] || 'https://github.com/'
/** How long to look whether the source answers, and how long fetching the runtime may take, in ms. */
const SOURCE_TIMEOUT_MS = 3_000
const INSTALL_TIMEOUT_MS = 180_000

/** The desktop window. Null where Electron's runtime is neither here nor to be had, and for root, whom it refuses. */
export async function openElectron(url: string, data: string, say: (line: string) => void): Promise<Window | null> {
  if (!existsSync(HOME) || process.getuid?.() === 0) return null
  const program = runtime() ?? ((await fetchRuntime(say)) ? runtime() : null)
  if (!program) {
    say('Electron’s runtime cannot be had here: the counter opens in a browser window instead.')
    return null
  }
  const window = await runWindow(program, [ROOT, `--url=${url}`, `--user-data-dir=${join(data, 'window-electron')}`])
  if (window) say('The counter is open in its own window.')
  return window
}

/** Electron's program, as its install script notes it down; null before that. */
function runtime(): string | null {
  const note = join(HOME, 'path.txt')
  if (!existsSync(note)) return null
  const program = join(HOME, 'dist', readFileSync(note, 'utf8'))
  return existsSync(program) ? program : null
}

async function fetchRuntime(say: (line: string) => void): Promise<boolean> {
  if (process.env['ELECTRON_SKIP_BINARY_DOWNLOAD'] || !(await answers(SOURCE))) return false
  say('Fetching the desktop window (Electron, some 110 MB, once) …')
  const child = spawn(process.execPath, [join(HOME, 'install.js')], { stdio: 'ignore', timeout: INSTALL_TIMEOUT_MS })
  const [code] = await once(child, 'exit')
  return code === 0
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(SOURCE_TIMEOUT_MS) })
    return true
  } catch {
    return false
  }
}
