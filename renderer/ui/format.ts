import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../server-clock.ts'
import { useShop } from '../session.ts'
import { toNumber } from '../../server/domain/money/money.ts'

type LocalSettings = { locale: string; currency: string; timeZone: string }

/** An amount in the shop's currency. Cents are hundredths in every currency, as in the API. */
export function formatCents(cents: number, { locale, currency }: Omit<LocalSettings, 'timeZone'>): string {
  return numberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(toNumber(cents))
}

/** "14:02" for today, "yesterday", "tomorrow", then dates; days are the shop's. */
export function formatWhen(at: number, now: number, { locale, timeZone }: Omit<LocalSettings, 'currency'>): string {
  const days = dayNumber(at, timeZone) - dayNumber(now, timeZone)
  if (days === 0) return dateFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
  if (Math.abs(days) === 1) return relativeFormat(locale).format(days, 'day')
  const sameYear = yearOf(at, timeZone) === yearOf(now, timeZone)
  return dateFormat(locale, { timeZone, day: 'numeric', month: 'short', ...(!sameYear && { year: 'numeric' }) }).format(
    at,
  )
}

/** The same with the time of day of another day: "tomorrow, 17:00", "12 Mar, 17:00". */
export function formatWhenAndTime(at: number, now: number, settings: Omit<LocalSettings, 'currency'>): string {
  const { locale, timeZone } = settings
  if (dayNumber(at, timeZone) === dayNumber(now, timeZone)) return formatWhen(at, now, settings)
  const time = dateFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
  return `${formatWhen(at, now, settings)}, ${time}`
}

/** The full instant, as hovering shows it. */
export function formatInstant(at: number, { locale, timeZone }: Omit<LocalSettings, 'currency'>): string {
  return dateFormat(locale, { timeZone, dateStyle: 'full', timeStyle: 'medium' }).format(at)
}

/** A calendar day with its year, for papers and cards. */
export function formatDay(at: number, { locale, timeZone }: Omit<LocalSettings, 'currency'>): string {
  return dateFormat(locale, { timeZone, dateStyle: 'medium' }).format(at)
}

/** "10 March", with the year where it is another one. */
export function formatDate(at: number, now: number, { locale, timeZone }: Omit<LocalSettings, 'currency'>): string {
  const year = yearOf(at, timeZone) === yearOf(now, timeZone) ? {} : ({ year: 'numeric' } as const)
  return dateFormat(locale, { timeZone, day: 'numeric', month: 'long', ...year }).format(at)
}

/** Formats bound to the shop's currency and time zone and to the language that is spoken. */
export function useFormat() {
  const shop = useShop()
  const { i18n } = useTranslation()
  const locale = localeOf(i18n.language)
  return useMemo(() => {
    const settings = { locale, currency: shop?.currency ?? 'EUR', timeZone: shop?.time_zone ?? 'UTC' }
    const ofDates = { ...settings, locale: dateLocaleOf(i18n.language, shop?.country ?? null) }
    return {
      ...settings,
      dateLocale: ofDates.locale,
      cents: (value: number) => formatCents(value, settings),
      when: (at: number, now = serverNow()) => formatWhen(at, now, ofDates),
      whenAndTime: (at: number, now = serverNow()) => formatWhenAndTime(at, now, ofDates),
      instant: (at: number) => formatInstant(at, ofDates),
      day: (at: number) => formatDay(at, ofDates),
      date: (at: number, now = serverNow()) => formatDate(at, now, ofDates),
      /** "3 May 2035 at 14:02", where the year matters. */
      moment: (at: number) =>
        dateFormat(ofDates.locale, { timeZone: settings.timeZone, dateStyle: 'long', timeStyle: 'short' }).format(at),
      /** "Monday, 30 November 2026 at 09:00". */
      weekday: (at: number) =>
        dateFormat(ofDates.locale, { timeZone: settings.timeZone, dateStyle: 'full', timeStyle: 'short' }).format(at),
      /** "2,000". */
      count: (value: number) => numberFormat(locale, {}).format(value),
      /** What stands before tenths. */
      decimalPoint: numberFormat(locale, {})
        .formatToParts(0.5)
        .find(({ type }) => type === 'decimal')!.value,
      /** Of basis points: 1900 is 19 %. */
      percent: (rate: number) =>
        numberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(rate / 10_000),
    }
  }, [locale, i18n.language, shop?.currency, shop?.time_zone, shop?.country])
}

/** The browser's own variant of the language where it has one (`en-GB` for `en`), for how it writes numbers. */
function localeOf(language: string): string {
  return (
    navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ??
    (language === 'en' ? 'en-GB' : language)
  )
}

/** The language that is spoken as the shop's country writes its dates, whatever the browser speaks: `en-US` begins with the month. */
const dateLocaleOf = (language: string, country: string | null) =>
  `${language}-${country ?? DATES_OF[language] ?? 'GB'}`

const DATES_OF: Record<string, string> = { en: 'GB', de: 'DE' }

function dayNumber(at: number, timeZone: string): number {
  const parts = dateFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
  return Date.parse(`${parts}T00:00:00Z`) / 86_400_000
}

function yearOf(at: number, timeZone: string): string {
  return dateFormat('en-CA', { timeZone, year: 'numeric' }).format(at)
}

// Intl's constructors take longer than what they format: lists of hundreds of rows share them.
const numberFormat = memoize(
  (locale: string, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
)
const dateFormat = memoize(
  (locale: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
)
const relativeFormat = memoize((locale: string) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))

function memoize<Args extends unknown[], T>(make: (...args: Args) => T): (...args: Args) => T {
  const memo = new Map<string, T>()
  return (...args) => {
    const name = JSON.stringify(args)
    const known = memo.get(name) ?? make(...args)
    memo.set(name, known)
    return known
  }
}
