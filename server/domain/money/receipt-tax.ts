import { share } from './spread.ts'
import { taxOf, type TaxRule } from './tax.ts'

/** What a line of a bill comes to, tax and all, and its rate in basis points; 0 knows no tax. */
export type BillLine = { gross_cents: number; rate: number }

/** Cents of tax by rate in basis points. */
export type TaxByRate = ReadonlyMap<number, number>

/** A bill without lines of its own is one line. Its total holds the tax, whichever way the shop writes prices. */
export const oneLine = (gross_cents: number, { mode, rate }: TaxRule): BillLine[] => [
  { gross_cents, rate: mode === 'none' ? 0 : rate },
]

/**
 * The tax that a receipt for a part of a bill states: that of all that is `paid` after it, less what receipts before it
 * `stated`. So the receipts of a bill add up to its tax to the cent, and the next one puts right what a change of the price
 * or the rate has made of the ones before.
 */
export function taxToState(lines: readonly BillLine[], paid: number, stated: TaxByRate): TaxByRate {
  const due = taxOfPaid(lines, paid)
  const rates = [...new Set([...due.keys(), ...stated.keys()])].toSorted((a, b) => a - b)
  return new Map(
    rates.map((rate) => [rate, (due.get(rate) ?? 0) - (stated.get(rate) ?? 0)] as const).filter(([, tax]) => tax !== 0),
  )
}

/** The tax in what was paid of a bill: of each line's tax the part that is paid of the whole. */
export function taxOfPaid(lines: readonly BillLine[], paid: number): TaxByRate {
  const total = lines.reduce((sum, { gross_cents }) => sum + gross_cents, 0)
  const taxes = new Map<number, number>()
  for (const { gross_cents, rate } of lines) {
    // What is held of a bill of nothing is taxed as itself.
    const tax = total > 0 ? share(taxIn(gross_cents, rate), paid, total) : taxIn(paid, rate)
    if (tax !== 0) taxes.set(rate, (taxes.get(rate) ?? 0) + tax)
  }
  return taxes
}

/** Adds taxes up, rate by rate. */
export function addTaxes(taxes: readonly TaxByRate[]): TaxByRate {
  const sums = new Map<number, number>()
  for (const each of taxes) for (const [rate, tax] of each) sums.set(rate, (sums.get(rate) ?? 0) + tax)
  return sums
}

const taxIn = (gross_cents: number, rate: number) => taxOf(gross_cents, { mode: 'included', rate }).tax
