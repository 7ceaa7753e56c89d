import { ActionIcon, Popover, TextInput } from '@mantine/core'
import { IconCalendar, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './date-field.module.css'
import { useOneTabStop } from './one-tab-stop.ts'

type Day = { year: number; month: number; day: number }

type Props = {
  label: string
  /** What is typed, in the language of `locale`. */
  value: string
  onType: (value: string) => void
  onLeave: () => void
  /** The day that `value` says, and what today is. */
  chosen: Day | null
  today: Day
  onDay: (day: Day) => void
  locale: string
  error?: string | undefined
  placeholder?: string
}

/** A date and time as the shop's language writes them, whatever the browser speaks: typed, or a day pressed in a month. */
export function DateField({ label, value, onType, onLeave, chosen, today, onDay, locale, error, placeholder }: Props) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <TextInput
      aria-label={label}
      value={value}
      placeholder={placeholder}
      autoComplete="off"
      error={error}
      onChange={({ currentTarget }) => onType(currentTarget.value)}
      onBlur={onLeave}
      rightSection={
        <Popover opened={opened} onChange={setOpened} position="bottom-end" withinPortal trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('calendar.open')}
              onClick={() => setOpened(!opened)}
            >
              <IconCalendar size={18} aria-hidden />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <Month
              chosen={chosen}
              today={today}
              locale={locale}
              onDay={(day) => {
                setOpened(false)
                onDay(day)
              }}
            />
          </Popover.Dropdown>
        </Popover>
      }
    />
  )
}

type MonthProps = Pick<Props, 'chosen' | 'today' | 'locale' | 'onDay'>

function Month({ chosen, today, locale, onDay }: MonthProps) {
  const { t } = useTranslation()
  const [{ year, month }, setShown] = useState(chosen ?? today)
  const step = (by: number) => {
    const next = new Date(Date.UTC(year, month - 1 + by, 1))
    setShown({ year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: 1 })
  }
  const name = format(locale, { month: 'long', year: 'numeric' })
  const weekday = format(locale, { weekday: 'short' })
  const whole = format(locale, { dateStyle: 'full' })
  const days = daysOf(year, month, firstDayOf(locale))
  const grid = useRef<HTMLDivElement>(null)
  useOneTabStop(grid)
  return (
    <div>
      <div className={classes.head}>
        <ActionIcon variant="subtle" color="gray" aria-label={t('calendar.before')} onClick={() => step(-1)}>
          <IconChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <span aria-live="polite">{name.format(Date.UTC(year, month - 1, 1))}</span>
        <ActionIcon variant="subtle" color="gray" aria-label={t('calendar.after')} onClick={() => step(1)}>
          <IconChevronRight size={18} aria-hidden />
        </ActionIcon>
      </div>
      <div ref={grid} className={classes.days}>
        {days.slice(0, 7).map((at) => (
          <span key={at} className={classes.weekday} aria-hidden>
            {weekday.format(at)}
          </span>
        ))}
        {days.map((at) => {
          const day = dayAt(at)
          const isPast = at < utc(today)
          return (
            <button
              key={at}
              type="button"
              className={classes.day}
              disabled={isPast}
              data-other={day.month !== month || undefined}
              aria-label={whole.format(at)}
              aria-pressed={chosen !== null && at === utc(chosen)}
              aria-current={at === utc(today) ? 'date' : undefined}
              data-autofocus={at === utc(chosen ?? today) || undefined}
              onClick={() => onDay(day)}
            >
              {day.day}
            </button>
          )
        })}
      </div>
    </div>
  )
}

const format = (locale: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { ...options, calendar: 'gregory', timeZone: 'UTC' })

const DAY_MS = 86_400_000
const utc = ({ year, month, day }: Day) => Date.UTC(year, month - 1, day)

function dayAt(at: number): Day {
  const date = new Date(at)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** Six weeks that hold the month, from the first day of a week on. */
function daysOf(year: number, month: number, firstDay: number): number[] {
  const first = Date.UTC(year, month - 1, 1)
  const before = (new Date(first).getUTCDay() - firstDay + 7) % 7
  return Array.from({ length: 42 }, (_, index) => first + (index - before) * DAY_MS)
}

type LocaleWithWeeks = Intl.Locale & { getWeekInfo?: () => { firstDay: number } }

/** 0 is Sunday. */
const firstDayOf = (locale: string) => ((new Intl.Locale(locale) as LocaleWithWeeks).getWeekInfo?.().firstDay ?? 1) % 7
