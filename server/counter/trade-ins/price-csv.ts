import type { z } from 'zod'
import { GRADES } from '../../domain/grade.ts'
import { formatMoney } from '../../domain/money/money.ts'
import { csvRow } from '../../domain/text/csv.ts'
import type { CsvQuery, PriceSheet } from './price-sheet.contract.ts'

/** The prices of today as a file that spreadsheets open and this program reads again. */
export function pricesAsCsv({ rows }: z.output<typeof PriceSheet>, { decimal }: z.output<typeof CsvQuery>): string {
  const comma = decimal === 'comma'
  const separator = comma ? ';' : ','
  const amount = (cents: number | null) => {
    const written = cents === null ? '' : formatMoney(cents)
    return comma ? written.replace('.', ',') : written
  }
  const written = rows.map(({ brand_name, model, storage, prices }) =>
    csvRow([brand_name, model, storage ?? '', ...GRADES.map((grade) => amount(prices[grade].price_cents))], separator),
  )
  // Spreadsheets take a file without this mark for one of an older code page.
  return `\ufeff${csvRow(['brand', 'model', 'storage', ...GRADES], separator)}${written.join('')}`
}
