import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const BUILT = join(ROOT, 'dist', 'renderer', 'index.html')
/** What the page is made of: a change in any of it makes the built page old. */
const SOURCES = ['renderer', 'server', 'main/channels.ts', 'package-lock.json', 'vite.config.ts']

/** Builds the counter UI when it is missing or older than its sources. `say` gets one line when there is work to do. */
export async function buildPages(say: (line: string) => void): Promise<void> {
  if (!isOld()) return
  say('Building the counter screens (a few seconds, once per version) …')
  const started = Date.now()
  const { build } = await import('vite')
  await forProduction(() => build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'warn' }))
  say(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
}

/** Whatever the environment says (tests say `test`): React's development build is three times as slow. */
async function forProduction(build: () => Promise<unknown>): Promise<void> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await build()
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}

function isOld(): boolean {
  if (!existsSync(BUILT)) return true
  return Math.max(...SOURCES.map((path) => newest(join(ROOT, path)))) > statSync(BUILT).mtimeMs
}

/** When the newest file at or below `path` changed, in ms; 0 when there is none, as in a packaged program. */
function newest(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}
