import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'

/** Real events of the Open Repair Data Standard, where they are at hand. */
const REAL = join(import.meta.dirname, '../../../shared/data')

/** Writes so many rows of repair events to a CSV file, real ones where they are at hand; returns their problem texts. `told`: only with one. */
export function writeEvents(file: string, count: number, { told = false }: { told?: boolean } = {}): string[] {
  const rows = (realRows() ?? madeUpRows()).filter(({ problem }) => !told || problem)
  const columns = Object.keys(rows[0]!)
  const lines = Array.from({ length: count }, (_, n) => lineOf(columns, rows[n % rows.length]!, n))
  writeFileSync(file, [columns.join(','), ...lines].join('\n'))
  return rows.slice(0, count).map(({ problem }) => problem ?? '')
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
