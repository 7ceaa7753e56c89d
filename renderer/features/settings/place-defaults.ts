/** What depends on where the shop is: country, currency, time zone and tax. */
export type ShopPlace = {
  /** Empty where nothing says it. */
  country: string
  currency: string
  time_zone: string
  /** Null until somebody says it. */
  tax_mode: 'included' | 'added' | 'none' | null
  /** Null until somebody says it. */
  tax_percent: number | null
}

/** How shops of a country usually write their prices. A guess to start from, never more. */
type PlaceDefaults = Pick<ShopPlace, 'tax_mode' | 'tax_percent'> & { currency: string | null }

/** Countries whose prices include the tax, by currency, with the usual rate of today in percent. */
const INCLUDED: Record<string, Record<string, number>> = {
  EUR: {
    AT: 20, BE: 21, BG: 20, CY: 19, DE: 19, EE: 24, ES: 21, FI: 25.5, FR: 20, GR: 24, HR: 25, IE: 23,
    IT: 22, LT: 21, LU: 17, LV: 21, MT: 18, NL: 21, PT: 23, SI: 22, SK: 23,
  },
  AED: { AE: 5 },
  AUD: { AU: 10 },
  BDT: { BD: 15 },
  CHF: { CH: 8.1, LI: 8.1 },
  CZK: { CZ: 21 },
  DKK: { DK: 25 },
  GBP: { GB: 20 },
  HUF: { HU: 27 },
  ILS: { IL: 18 },
  INR: { IN: 18 },
  MXN: { MX: 16 },
  NOK: { NO: 25 },
  NZD: { NZ: 15 },
  PHP: { PH: 12 },
  PLN: { PL: 23 },
  RON: { RO: 21 },
  SAR: { SA: 15 },
  SEK: { SE: 25 },
  SGD: { SG: 9 },
  TRY: { TR: 20 },
  UAH: { UA: 20 },
  ZAR: { ZA: 15 },
} // oxfmt-ignore

/** Where tax comes on top, at a rate that differs within the country. */
const ADDED: Record<string, string> = { CA: 'CAD', US: 'USD' }

/** What a shop in this country begins with; nothing where the country is not known here, so that it is asked. */
export function placeDefaults(country: string): PlaceDefaults {
  for (const [currency, rates] of Object.entries(INCLUDED)) {
    const rate = rates[country]
    if (rate !== undefined) return { currency, tax_mode: 'included', tax_percent: rate }
  }
  const currency = ADDED[country] ?? null
  return { currency, tax_mode: currency === null ? null : 'added', tax_percent: null }
}

/** What follows when another country is chosen: what was the former one's, and nobody has changed. */
export function followCountry(values: ShopPlace, country: string): Partial<ShopPlace> {
  const [before, now] = [placeDefaults(values.country), placeDefaults(country)]
  const ownCurrency = before.currency !== null && values.currency !== before.currency
  const ownTax = values.tax_mode !== before.tax_mode || values.tax_percent !== before.tax_percent
  return {
    country,
    ...(!ownCurrency && now.currency !== null && { currency: now.currency }),
    ...(!ownTax && { tax_mode: now.tax_mode, tax_percent: now.tax_percent }),
  }
}

/** The tax as the server keeps it, in basis points; null while something of it is not said. */
export function taxOf({ tax_mode, tax_percent }: Pick<ShopPlace, 'tax_mode' | 'tax_percent'>) {
  if (tax_mode === null) return null
  if (tax_mode === 'none') return { tax_mode, tax_rate: 0 }
  return tax_percent === null ? null : { tax_mode, tax_rate: Math.round(tax_percent * 100) }
}
