import { COUNTRIES, countryOfPlace } from '../../../server/domain/country.ts'
import { hasTwoDecimals } from '../../../server/domain/money/currency.ts'
import { placeDefaults } from './place-defaults.ts'

/** Where this computer's clock and the currency of the browser's region are at home, or else that region. */
export function guessCountry(): string {
  const region = new Intl.Locale(navigator.language).maximize().region ?? ''
  const place = { time_zone: guessTimeZone(), currency: placeDefaults(region).currency ?? '' }
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
