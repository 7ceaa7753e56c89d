import { hash } from 'node:crypto'
import type { LocalFinding } from './check/findings.ts'
import { columnsOf, type Scan } from './check/scan.ts'
import { type LocalTable, SUMMED_TABLES, type SummedTable } from './schema/schema.ts'

export const isSummed = (table: LocalTable): table is SummedTable => SUMMED_TABLES.some((name) => name === table)

/** The sum of a row: of all its columns but the sum; null and what is missing are the same. */
export function rowSum(row: Record<string, unknown>): string {
  const said = Object.entries(row).filter(
    ([column, value]) => column !== 'sum' && value !== null && value !== undefined,
  )
  const text = JSON.stringify(said.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return hash('sha256', text, 'base64url').slice(0, 16)
}

/** The rows of this machine's own tables that are not as their sums say: of these tables there are a few rows. */
export async function changedLocalRows(scan: Scan): Promise<LocalFinding[]> {
  const columns = await columnsOf(scan, SUMMED_TABLES)
  const findings: LocalFinding[] = []
  for (const table of SUMMED_TABLES) {
    const names = columns.get(table) ?? []
    const rows = await scan.rows(`select ${names.map((name) => `"${name}"`).join(', ')} from "${table}"`, [])
    for (const values of rows) {
      const row = Object.fromEntries(names.map((name, index) => [name, values[index]]))
      if (row['sum'] !== null && row['sum'] !== rowSum(row))
        findings.push({ kind: 'local', table, id: String(row['id']) })
    }
  }
  return findings
}
