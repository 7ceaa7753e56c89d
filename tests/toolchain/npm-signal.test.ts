import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isServed } from '../../db/file/guard.ts'

const ROOT = join(import.meta.dirname, '..', '..')

const SCRIPTS = [
  ['npm run fixpoint -- serve', ['run', 'fixpoint', '--', 'serve']],
  ['npm start -- --no-window', ['start', '--', '--no-window']],
] as const

for (const [name, words] of SCRIPTS)
  test.skipIf(process.platform === 'win32')(
    `a signal to ${name} ends the server and releases the database`,
    { timeout: 120_000 },
    async () => {
      const data = mkdtempSync(join(tmpdir(), 'fixpoint-signal-'))
      const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }
      const options = { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] as const, detached: true }
      const npm = spawn('npm', [...words, '--port', '0', '--data', data], { ...options, stdio: [...options.stdio] })
      const ended = once(npm, 'close') // The server holds these pipes too: they close when both have ended.
      let output = ''
      npm.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
      npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
      try {
        while (!output.includes('is ready at'))
          if ((await Promise.race([once(npm.stdout, 'data'), ended.then(() => 'ended')])) === 'ended')
            throw new Error(output)
        expect(isServed(join(data, 'fixpoint.db'))).toBe(true)
        npm.kill('SIGTERM')
        await ended
        expect(isServed(join(data, 'fixpoint.db'))).toBe(false)
      } finally {
        endGroup(npm.pid!)
        rmSync(data, { recursive: true, force: true })
      }
    },
  )

/** npm, its shell and the server are one group: whatever of it is left is ended. */
function endGroup(pid: number) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
