import { instantOf, wallClock } from './shop-day.ts'

/** Days, weeks and months of a shop, as its clocks show them. */

export const SPANS = ['day', 'week', 'month'] as const
export type Span = (typeof SPANS)[number]

/** From and until when (ms), the end not in it; `day` is the one that it was asked for, `2026-03-01`. */
export type Period = { day: string; from: number; until: number }

/** The day, the week from Monday on, or the month in which a day lies there; today where none is named. */
export function periodOf(span: Span, written: string | undefined, now: number, timeZone: string): Period {
  const { year, month, day } = written === undefined ? wallClock(now, timeZone) : dateIn(written)
  const at = (date: { year: number; month: number; day: number }) =>
    instantOf({ ...date, hour: 0, minute: 0 }, timeZone)
  const [first, end] = boundsOf(span, { year, month, day })
  return {
    day: new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10),
    from: at({ year, month, day, ...first }),
    until: at({ year, month, day, ...end }),
  }
}

type Day = { year: number; month: number; day: number }

/** Days and months beyond a month or year are those that follow. */
function boundsOf(span: Span, { year, month, day }: Day): [Partial<Day>, Partial<Day>] {
  if (span === 'day') return [{ day }, { day: day + 1 }]
  if (span === 'month') return [{ day: 1 }, { month: month + 1, day: 1 }]
  const sinceMonday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7
  return [{ day: day - sinceMonday }, { day: day - sinceMonday + 7 }]
}

function dateIn(written: string): Day {
  const [year, month, day] = written.split('-').map(Number)
  return { year: year!, month: month!, day: day! }
}

/** The day by which the span before or behind is asked for: of a month its first. */
export function movedBy(span: Span, written: string, steps: number): string {
  const { year, month, day } = dateIn(written)
  const moved =
    span === 'month'
      ? Date.UTC(year, month - 1 + steps, 1)
      : Date.UTC(year, month - 1, day + steps * (span === 'week' ? 7 : 1))
  return new Date(moved).toISOString().slice(0, 10)
}
