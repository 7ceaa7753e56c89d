import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../load.ts'
import { writeEvents } from '../repair-events.ts'
import { report } from '../report.ts'
import { CLI } from '../../support/program.ts'

const ROWS = 100_000
const ROUNDS = 3
const GOAL = 20_000

/** `import ords` into an empty shop: each row is a device, an order, their journal and search entries. */
export function imports(): void {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-import-'))
  const file = join(folder, 'rows.csv')
  writeEvents(file, ROWS)
  const rounds = Array.from({ length: ROUNDS }, (_, round) => measure(file, join(folder, String(round))))
  rmSync(folder, { recursive: true })
  const rate = median(rounds.map((round) => round.rate))
  const seconds = median(rounds.map((round) => round.ms)) / 1000
  report({
    name: 'ORDS',
    what: `import of ${ROWS.toLocaleString('en')} rows`,
    goal: `≥ ${GOAL.toLocaleString('en')} rows/s`,
    result: `${rate.toLocaleString('en')} rows/s (the whole command ${seconds.toFixed(1)} s)`,
    reached: rate >= GOAL,
  })
}

/** The rate that the command prints, and how long all of it took. */
function measure(file: string, data: string) {
  const began = performance.now()
  const { stdout } = spawnSync(process.execPath, [...CLI, 'import', 'ords', file, '--data', data], { encoding: 'utf8' })
  const [, rate] = /([\d,]+) rows\/s: 100,000 added/.exec(stdout) ?? []
  if (!rate) throw new Error(`The import did not add every row: ${stdout}`)
  return { rate: Number(rate.replaceAll(',', '')), ms: performance.now() - began }
}
