import type { Db } from '../../db/handle.ts'
import { storeHere } from '../../db/self.ts'
import type { FormerTax, TaxRule } from '../domain/money/tax.ts'
import { taxRuleAt } from '../domain/money/tax.ts'
import type { TaxByRate } from '../domain/money/receipt-tax.ts'

/** What a receipt says of tax: the rule that held, and the cents of each rate, in basis points. It is kept with the money. */
export type ReceiptTax = { rule: TaxRule; stated: TaxByRate }

/** As the column `tax` of an entry keeps it. */
export const writeTax = ({ rule: { mode, rate }, stated }: ReceiptTax): string =>
  JSON.stringify({ mode, rate, stated: [...stated] })

/** Reads what `writeTax` wrote. */
export function readTax(written: string): ReceiptTax {
  // Only writeTax fills the column.
  const { mode, rate, stated } = JSON.parse(written) as TaxRule & { stated: [number, number][] }
  return { rule: { mode, rate }, stated: new Map(stated) }
}

/** The rule that holds at an instant in ms, in a store: that of this terminal unless said otherwise. */
export async function taxRules(db: Db, store_id?: number): Promise<(at: number) => TaxRule> {
  const store = store_id === undefined ? storeHere(db) : db.selectFrom('store').where('store.id', '=', store_id)
  const {
    tax_mode: mode,
    tax_rate: rate,
    former_taxes,
  } = await store.select(['tax_mode', 'tax_rate', 'former_taxes']).executeTakeFirstOrThrow()
  const former = JSON.parse(former_taxes ?? '[]') as FormerTax[] // Only the shop's settings write it.
  return (at) => taxRuleAt(at, { mode, rate }, former)
}
