import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { instantOf, type WallClock, wallClock } from '../../../../server/domain/time/shop-day.ts'
import { serverNow } from '../../../server-clock.ts'
import { DateField } from '../../../ui/fields/date-field.tsx'
import { readDate } from '../../../ui/fields/written-date.ts'
import { useFormat } from '../../../ui/format.ts'

export type Day = Pick<WallClock, 'year' | 'month' | 'day'>

const MIDNIGHT = { hour: 0, minute: 0 }

/** The instant at which a day begins. */
export const beginningOf = (day: Day, timeZone: string) => instantOf({ ...day, ...MIDNIGHT }, timeZone)

/** The day after so many. */
export function dayAfter(day: Day, days: number, timeZone: string): Day {
  return wallClock(beginningOf({ ...day, day: day.day + days }, timeZone), timeZone)
}

/** `2026-03-01`. */
export const writtenDay = ({ year, month, day }: Day) =>
  [String(year), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')

type Props = {
  label: string
  /** Null for none, undefined for what was typed and is no such day. */
  day: Day | null | undefined
  onDay: (day: Day | null | undefined) => void
  /** The first day that may be chosen. */
  first: Day
}

/** A day that is typed or pressed in a month. */
export function DayField({ label, day, onDay, first }: Props) {
  const { t } = useTranslation('trade-ins')
  const { timeZone, dateLocale } = useFormat()
  const write = (one: Day) =>
    new Intl.DateTimeFormat(dateLocale, { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' }).format(
      instantOf({ ...one, hour: 12, minute: 0 }, timeZone),
    )
  const now = wallClock(serverNow(), timeZone)
  const [typed, setTyped] = useState<string | null>(null)
  const type = (text: string) => {
    setTyped(text)
    if (text.trim() === '') return onDay(null)
    const read = readDate(text, dateLocale, now, MIDNIGHT)
    onDay(read && writtenDay(read) >= writtenDay(first) ? read : undefined)
  }
  return (
    <DateField
      label={label}
      value={typed ?? (day ? write(day) : '')}
      placeholder={write(writtenDay(first) < writtenDay(now) ? now : first)}
      onType={type}
      onLeave={() => day && setTyped(null)}
      chosen={day ?? null}
      today={first}
      onDay={(pressed) => {
        setTyped(null)
        onDay(pressed)
      }}
      locale={dateLocale}
      error={day === undefined ? t('prices.notAhead', { day: write(first) }) : undefined}
    />
  )
}
