import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { FLAGS } from '../../support/program.ts'
import { report } from '../report.ts'
import type { Taken } from '../servers/check.ts'

/** P16: what a check of the whole content takes, beside a floor that only reads and hashes the same bytes. */
export function p16(file: string): void {
  const script = join(import.meta.dirname, '../servers/check.ts')
  const said = execFileSync(process.execPath, [...FLAGS, script, file], { encoding: 'utf8' })
  const { entries, findings, check, packed, floor, before, most } = JSON.parse(said) as Taken
  if (findings > 0) throw new Error(`${findings} findings in a file that nobody touched`)
  const goal = (15 * entries) / 1_400_000
  for (const [form, took] of [
    ['', check],
    [', packed', packed],
  ] as const)
    report({
      name: 'P16',
      what: `verify of ${entries.toLocaleString('en')} entries${form}`,
      goal: `≤ ${goal.toFixed(1)} s CPU`,
      result: `${took.toFixed(1)} s CPU, ${(took / floor).toFixed(2)} × the floor of ${floor.toFixed(1)} s`,
      reached: took <= goal,
    })
  const grown = (most - before) / 1_000_000
  report({
    name: 'P16',
    what: 'memory while it verifies',
    goal: 'flat: ≤ +30 MB',
    result: `${(before / 1_000_000).toFixed(0)} MB, at most +${grown.toFixed(0)} MB`,
    reached: grown <= 30,
  })
}
