import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BUG_NAMES } from './bugs.ts'

/** Both run in a process of their own, whose pauses and stopwatch stand still. */
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '../../..'),
  })

test('fleets of some seeds agree in the end, with nothing lost, doubled or left over', () => {
  const { status, stdout, stderr } = run('tests/campaigns/run.ts', 'sync', '--seeds', '24')
  expect([status, stdout, stderr]).toEqual([0, expect.stringContaining('left over: 24 of 24'), ''])
})

test('fleets whose head office was put back and judged some op anew agree too', () => {
  const { status, stdout } = run('tests/campaigns/run.ts', 'sync', '--seeds', '1', '--seed', '3188')
  expect([status, stdout]).toEqual([0, expect.stringContaining('left over: 1 of 1')])
})

test('each planted mistake is found at the seed that is kept for it', () => {
  const { status, stdout, stderr } = run('tests/campaigns/sync/kept-bugs.ts')
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n').toSorted()).toEqual(BUG_NAMES.map((bug) => `found ${bug}`).toSorted())
  expect(status).toBe(0)
})

test('a mistake that there is not is none that could be found', () => {
  expect(run('tests/campaigns/run.ts', 'sync', '--seeds', '1', '--bug', 'no such mistake').status).not.toBe(0)
})
