import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** `npm run screens`: runs the browser tests, which take the pictures of `docs/screens` anew. */
const root = join(import.meta.dirname, '../../..')
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'browser'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FIXPOINT_SCREENS: join(root, 'docs/screens') } },
)
process.exitCode = status ?? 1
