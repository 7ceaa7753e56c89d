import type { Db } from '../../db/handle.ts'
import { storeHere } from '../../db/self.ts'
import type { StoreTable } from '../../db/schema/shop-tables.ts'
import { COUNTRIES, countryOfPlace } from '../domain/country.ts'
import { hasTwoDecimals } from '../domain/money/currency.ts'
import type { FormerTax } from '../domain/money/tax.ts'
import { type FieldError, ruleFault } from '../http/errors.ts'

/** `terminal` is its part of every number it gives out; `tax_rate` in basis points; `former_taxes` oldest first. */
export type OwnShop = Pick<StoreTable, (typeof COLUMNS)[number]> & {
  id: number
  terminal: string
  former_taxes: FormerTax[]
}

const COLUMNS = [
  'code',
  'name',
  'currency',
  'time_zone',
  'country',
  'tax_mode',
  'tax_rate',
  'phone',
  'address',
  'tax_number',
  'opening_hours',
  'terms',
  'public_address',
] as const

/** The shop of this terminal; at head office, for somebody who works at one store, theirs. */
export async function ownShop(db: Db): Promise<OwnShop> {
  const { former_taxes, ...shop } = await storeHere(db)
    .select(['node.terminal', 'store.id', 'store.former_taxes'])
    .select(COLUMNS.map((column) => `store.${column}` as const))
    .executeTakeFirstOrThrow()
  // Only the shop's settings write it.
  return {
    ...shop,
    country: shop.country ?? countryOfPlace(shop),
    former_taxes: JSON.parse(former_taxes ?? '[]') as FormerTax[],
  }
}

/**
 * What is wrong with a currency, time zone or country that does not exist, or a currency that amounts of two decimals cannot be written
 * in; `at` is where in the request they stand. A currency that the shop `has` already stays.
 */
export function fieldErrorsOfLocale(
  { currency, time_zone, country }: { currency: string; time_zone: string; country?: string | undefined },
  at: string[],
  has?: string,
): FieldError[] {
  const faults: FieldError[] = []
  const code = currency.toUpperCase()
  if (!Intl.supportedValuesOf('currency').includes(code))
    faults.push(ruleFault([...at, 'currency'], 'currency-unknown', 'this is no currency code such as EUR'))
  else if (code !== has && !hasTwoDecimals(code))
    faults.push(
      ruleFault([...at, 'currency'], 'currency-decimals', 'amounts have two decimals, and this currency has not'),
    )
  if (!isTimeZone(time_zone))
    faults.push(ruleFault([...at, 'time_zone'], 'time-zone-unknown', 'this is no time zone such as Europe/Berlin'))
  if (country !== undefined && !COUNTRIES.includes(country.toUpperCase()))
    faults.push(ruleFault([...at, 'country'], 'country-unknown', 'this is no country code such as DE'))
  return faults
}

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false // That is how Intl says it has no such zone.
  }
}
