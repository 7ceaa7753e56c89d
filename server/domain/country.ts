import { getCountries } from 'libphonenumber-js/min'

/** The countries that have phone numbers, by ISO 3166: `DE`. */
export const COUNTRIES: readonly string[] = getCountries()

type Place = { time_zone: string; currency: string }

/** In which country a shop of this time zone and currency is; null where they do not say. */
export function countryOfPlace(place: Place): string | null {
  const name = `${place.time_zone} ${place.currency}`
  const known = found.get(name)
  if (known !== undefined) return known
  const country = lookUp(place)
  found.set(name, country)
  return country
}

/** What was looked up: it takes some 50 ms, and is asked with every phone number. */
const found = new Map<string, string | null>()

function lookUp({ time_zone, currency }: Place): string | null {
  const ofCurrency = currency.slice(0, 2).toUpperCase()
  const names = [time_zone, zoneName(time_zone)]
  const isThere = (country: string) => zonesOf(country).some((zone) => names.includes(zone))
  // Asked first: the zones of all countries take a tenth of a second.
  const named = COUNTRIES.includes(ofCurrency) ? ofCurrency : null
  if (named && isThere(named)) return named
  return COUNTRIES.find(isThere) ?? named
}

/** Not yet among TypeScript's own types. */
type LocaleWithZones = Intl.Locale & { getTimeZones?: () => string[] | undefined }

const zonesOf = (country: string) => (new Intl.Locale(`und-${country}`) as LocaleWithZones).getTimeZones?.() ?? []

/** A zone under the one name that Intl gives it (`Asia/Kolkata` and `Asia/Calcutta` are one). */
function zoneName(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return zone // That is how Intl says it has no such zone.
  }
}
