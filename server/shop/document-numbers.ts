import type { Trx } from '../../db/handle.ts'
import { nextInSeries } from '../../db/local.ts'
import { LETTERS, numberInSeries, type Series } from '../domain/numbers.ts'

/** The next `count` numbers of a kind of document, ascending: `S1-T1-000001`, `S1-T1-R000001`. Dense, and never given out again. */
export async function takeNumbers(trx: Trx, series: Series, count = 1): Promise<string[]> {
  const { label, n } = await nextInSeries(trx, series, count)
  return Array.from({ length: count }, (_, index) => numberInSeries(label, n - count + 1 + index, LETTERS[series]))
}
