import { join } from 'node:path'
import { isNewerThan, ROOT } from '../built.mjs'
import { buildForProduction } from './build-for-production.ts'

const BUILT = join(ROOT, 'dist', 'renderer', 'index.html')
/** What the page is made of: a change in any of it makes the built page old. */
const SOURCES = ['renderer', 'server', 'main/channels.ts', 'package-lock.json', 'vite.config.ts']

/** Builds the counter UI when it is missing or older than its sources. `say` gets one line when there is work to do. */
export async function buildPages(say: (line: string) => void): Promise<void> {
  if (isNewerThan(BUILT, SOURCES)) return
  say('Building the counter screens (a few seconds, once per version) …')
  const started = Date.now()
  await buildForProduction({ configFile: join(ROOT, 'vite.config.ts') })
  say(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
}
