import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { median } from '../load.ts'
import { report } from '../report.ts'

const CLI = join(import.meta.dirname, '../../../server/cli.ts')
/** Real events of the Open Repair Data Standard, where they are at hand. */
const REAL = join(import.meta.dirname, '../../../../shared/data')

const ROWS = 100_000
const ROUNDS = 3
const GOAL = 20_000

/** `import ords` into an empty shop: each row is a device, an order, their journal and search entries. */
export function imports(): void {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-import-'))
  const file = join(folder, 'rows.csv')
  const rows = realRows() ?? madeUpRows()
  const columns = Object.keys(rows[0]!)
  const lines = Array.from({ length: ROWS }, (_, n) => lineOf(columns, rows[n % rows.length]!, n))
  writeFileSync(file, [columns.join(','), ...lines].join('\n'))
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
  const { stdout } = spawnSync(process.execPath, [CLI, 'import', 'ords', file, '--data', data], { encoding: 'utf8' })
  const [, rate] = /([\d,]+) rows\/s: 100,000 added/.exec(stdout) ?? []
  if (!rate) throw new Error(`The import did not add every row: ${stdout}`)
  return { rate: Number(rate.replaceAll(',', '')), ms: performance.now() - began }
}

type Row = Record<string, string>

function realRows(): Row[] | null {
  if (!existsSync(REAL)) return null
  const files = readdirSync(REAL).filter((name) => /^ord_.*\.csv$/.test(name))
  const rows = files.flatMap((name) => parse<Row>(readFileSync(join(REAL, name)), { bom: true, columns: true }))
  return rows.length > 0 ? rows : null
}

const madeUpRows = (): Row[] =>
  Array.from({ length: 1_000 }, (_, n) => ({
    id: 'event',
    product_category: `Category ${n % 40}`,
    brand: `Brand ${(n * n) % 300}`,
    repair_status: ['Fixed', 'Repairable', 'End of life', 'Unknown'][n % 4]!,
    event_date: `20${10 + (n % 15)}-0${1 + (n % 9)}-1${n % 10}`,
    problem: `Number ${n}: the fan is loud, and after ${n % 60} minutes it stops with a smell of dust`,
  }))

/** Ids are made different in each round of the rows. */
const lineOf = (columns: string[], row: Row, n: number) =>
  columns
    .map((name) => `"${(name === 'id' ? `${n}_${row[name]}` : (row[name] ?? '')).replaceAll('"', '""')}"`)
    .join(',')
