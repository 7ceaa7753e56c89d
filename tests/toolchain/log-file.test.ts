import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLogFile } from '../../server/start/log-file.ts'
import { eventually } from '../support/eventually.ts'

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'server.log')
  return { folder, file, text: () => readFileSync(file, 'utf8') }
}

test.skipIf(process.platform !== 'linux')('a full disk costs lines of the log, and never the server', async () => {
  const { folder, file, text } = openFolder()
  symlinkSync('/dev/full', file)
  let now = 0
  const log = openLogFile(folder, { rest: 1_000, now: () => now })
  log.write('lost\n')
  // A stream whose error nobody hears ends the process: that is what would fail here.
  await new Promise((resolve) => setTimeout(resolve, 200))
  log.write('lost too, for the disk is left alone for a while\n')
  rmSync(file)
  now = 1_001
  log.write('kept\n')
  await eventually(() => expect(text()).toContain('kept'))
  expect(text()).toBe('{"level":40,"msg":"2 lines were lost: the disk was full"}\nkept\n')
})

test('a log that has grown large begins anew while the server runs, and the one before is kept', async () => {
  const { folder, file, text } = openFolder()
  writeFileSync(file, 'x'.repeat(90))
  const log = openLogFile(folder, { most: 100 })
  log.write(`${'y'.repeat(20)}\n`)
  await eventually(() => expect(text()).toContain('y'))
  log.write('new\n')
  await eventually(() => expect(text()).toBe('new\n'))
  expect(readFileSync(`${file}.1`, 'utf8')).toBe(`${'x'.repeat(90)}${'y'.repeat(20)}\n`)
})
