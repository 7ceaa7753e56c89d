import type { Trx } from '../../db/handle.ts'
import { nextInSeries } from '../../db/local.ts'

/** The next `count` numbers of a kind of document, ascending: `S1-T1-000001`. Dense, and never given out again. */
export async function takeNumbers(trx: Trx, series: 'ticket' | 'receipt', count = 1): Promise<string[]> {
  const { label, n } = await nextInSeries(trx, series, count)
  return Array.from({ length: count }, (_, index) => `${label}-${String(n - count + 1 + index).padStart(6, '0')}`)
}
