import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENGINE } from '../support/database.ts'

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args], { encoding: 'utf8' })

test('a campaign goes to the engine that is asked for', () => {
  const { status, stdout } = run('webhooks', '--sequences', '1', '--engine', ENGINE)
  expect([status, stdout]).toEqual([
    0,
    expect.stringContaining(`${ENGINE}: sequences that end where Stripe is: 1 of 1`),
  ])
})

test('an engine that there is not is no campaign without a fault', () => {
  expect(run('webhooks', '--sequences', '1', '--engine', 'sqllite').status).toBe(2)
})
