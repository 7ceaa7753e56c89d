import { rowSum, SUMMED_TABLES } from '../row-sums.ts'
import type { LocalFinding } from './findings.ts'
import { columnsOf, type Scan } from './scan.ts'

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
