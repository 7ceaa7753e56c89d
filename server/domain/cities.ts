import { nameKey } from './text/fold.ts'

/** What a product's city keys may take up in bytes: they stand in an index, and PostgreSQL's rows there end at 2,704. */
export const MAX_CITY_KEYS = 2_000

/** The key of one city, between bars as `cityKeys` has it; an empty name has none. */
export function cityKey(city: string): string {
  const key = nameKey(city.replaceAll('|', ' '))
  return key === '' ? '' : `|${key}|`
}

/** What cities are found by, whatever their case: `|vancouver|ottawa|`. */
export const cityKeys = (cities: readonly string[]): string =>
  cities.map(cityKey).filter(Boolean).join('').replaceAll('||', '|')
