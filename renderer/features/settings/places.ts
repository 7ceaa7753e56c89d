import { COUNTRIES, countryOfPlace } from '../../../server/domain/country.ts'
import { hasTwoDecimals } from '../../../server/domain/money/currency.ts'

/** What shops usually write on their prices, by the region of the browser. A guess to start from, never more. */
type RegionDefaults = { currency: string; tax_mode: 'included' | 'added' | 'none'; tax_percent: number }

const EURO_DEFAULTS = { currency: 'EUR', tax_mode: 'included' } as const

const DEFAULTS_BY_REGION: Record<string, RegionDefaults> = {
  DE: { ...EURO_DEFAULTS, tax_percent: 19 },
  AT: { ...EURO_DEFAULTS, tax_percent: 20 },
  FR: { ...EURO_DEFAULTS, tax_percent: 20 },
  NL: { ...EURO_DEFAULTS, tax_percent: 21 },
  BE: { ...EURO_DEFAULTS, tax_percent: 21 },
  ES: { ...EURO_DEFAULTS, tax_percent: 21 },
  IT: { ...EURO_DEFAULTS, tax_percent: 22 },
  PT: { ...EURO_DEFAULTS, tax_percent: 23 },
  IE: { ...EURO_DEFAULTS, tax_percent: 23 },
  FI: { ...EURO_DEFAULTS, tax_percent: 25.5 },
  GB: { currency: 'GBP', tax_mode: 'included', tax_percent: 20 },
  CH: { currency: 'CHF', tax_mode: 'included', tax_percent: 8.1 },
  DK: { currency: 'DKK', tax_mode: 'included', tax_percent: 25 },
  NO: { currency: 'NOK', tax_mode: 'included', tax_percent: 25 },
  SE: { currency: 'SEK', tax_mode: 'included', tax_percent: 25 },
  PL: { currency: 'PLN', tax_mode: 'included', tax_percent: 23 },
  CZ: { currency: 'CZK', tax_mode: 'included', tax_percent: 21 },
  AU: { currency: 'AUD', tax_mode: 'included', tax_percent: 10 },
  IN: { currency: 'INR', tax_mode: 'included', tax_percent: 18 },
  BD: { currency: 'BDT', tax_mode: 'included', tax_percent: 15 },
  CA: { currency: 'CAD', tax_mode: 'added', tax_percent: 5 },
  US: { currency: 'USD', tax_mode: 'added', tax_percent: 0 },
}

export function guessRegionDefaults(): RegionDefaults {
  return DEFAULTS_BY_REGION[guessRegion()] ?? { currency: 'EUR', tax_mode: 'included', tax_percent: 0 }
}

const guessRegion = () => new Intl.Locale(navigator.language).maximize().region ?? ''

/** Where this computer's clock and the currency are at home, or else its language. */
export function guessCountry(): string {
  const place = { time_zone: guessTimeZone(), currency: guessRegionDefaults().currency }
  const region = guessRegion()
  return countryOfPlace(place) ?? (COUNTRIES.includes(region) ? region : '')
}

/** By their names, in the language that is spoken. */
export function countries(language: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'region' })
  return COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value })).toSorted((a, b) =>
    a.label.localeCompare(b.label, language),
  )
}

export const guessTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** `EUR – Euro`, in the language that is spoken: those that amounts can be written in, and the one that the shop `has`. */
export function currencies(language: string, has?: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'currency' })
  const offered = Intl.supportedValuesOf('currency').filter((value) => value === has || hasTwoDecimals(value))
  return offered.map((value) => ({ value, label: `${value} – ${names.of(value) ?? value}` }))
}

/** The browser's own zone is always among them, though its list may lack it (`UTC`). */
export function timeZones(): string[] {
  return [...new Set([guessTimeZone(), ...Intl.supportedValuesOf('timeZone'), 'UTC'])]
}
