import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { startOfDay, wallClock } from '../../../server/domain/time/shop-day.ts'
import { serverNow, useServerClock } from '../../server-clock.ts'
import { useFormat } from '../../ui/format.ts'
import { DateField } from '../../ui/fields/date-field.tsx'
import { writeDate } from '../../ui/fields/written-date.ts'
import { useOneTabStop } from '../../ui/fields/one-tab-stop.ts'
import { ToggleChip } from '../../ui/fields/toggle-chip.tsx'
import classes from './intake/intake.module.css'
import { countRepairs } from './requests.ts'
import { onDay, promiseFor, readPromise, type QuickPromise } from './promise.ts'

const QUICK_PROMISES: readonly QuickPromise[] = ['today', 'tomorrow', 'threeDays', 'week']

type Props = { at: number | null; onAt: (at: number | null) => void; error?: string | undefined }

/**
 * When it will be ready: a usual day by one press, or any date and time. No day is reckoned from a clock that the last
 * entry contradicts.
 */
export function PromiseField({ at, onAt, error }: Props) {
  const { t } = useTranslation(['repairs', 'intake'])
  const { timeZone, dateLocale: locale } = useFormat()
  const doubtful = useServerClock()?.state === 'contradicted'
  const choices = doubtful
    ? []
    : QUICK_PROMISES.map((quick) => ({ quick, at: promiseFor(quick, serverNow(), timeZone) }))
  const spoken = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  })
  /** What was typed, until it is left; null where the field says what is promised. */
  const [typed, setTyped] = useState<string | null>(null)
  const [unread, setUnread] = useState(false)
  const example = writeDate(onDay(wallClock(serverNow(), timeZone), null, timeZone), locale, timeZone)
  const type = (text: string) => {
    setTyped(text)
    setUnread(false)
    onAt(readPromise(text, serverNow(), { locale, timeZone }))
  }
  const leave = () => {
    const isUnread = typed !== null && typed.trim() !== '' && at === null
    setUnread(isUnread)
    if (!isUnread) setTyped(null)
  }
  const load = useLoadOf(at === null ? null : startOfDay(at, timeZone))
  const group = useRef<HTMLDivElement>(null)
  useOneTabStop(group)
  return (
    <div>
      <div ref={group} role="group" aria-label={t('intake:promised')} className={classes.chips}>
        {choices.map(
          (choice) =>
            choice.at !== null && (
              <ToggleChip
                key={choice.quick}
                pressed={at === choice.at}
                onToggle={() => {
                  setTyped(null)
                  setUnread(false)
                  onAt(at === choice.at ? null : choice.at)
                }}
              >
                {t(`promise.quick.${choice.quick}`)}
              </ToggleChip>
            ),
        )}
        <DateField
          label={t('intake:promised')}
          value={typed ?? (at === null ? '' : writeDate(at, locale, timeZone))}
          placeholder={example}
          onType={type}
          onLeave={leave}
          chosen={at === null ? null : wallClock(at, timeZone)}
          today={wallClock(serverNow(), timeZone)}
          onDay={(day) => {
            setTyped(null)
            onAt(onDay(day, at, timeZone))
          }}
          locale={locale}
          error={unread ? t('promise.unread', { example }) : error}
        />
      </div>
      {doubtful && <p className={classes.when}>{t('promise.noClock')}</p>}
      <p className={classes.when}>
        {at === null ? t('promise.none') : spoken.format(at)}
        {load !== undefined && ` · ${t('promise.thatDay', { count: load })}`}
      </p>
    </div>
  )
}

/** How many repairs are promised for the day that begins then. */
function useLoadOf(day: number | null): number | undefined {
  const { data } = useQuery({
    queryKey: ['repairs', 'promised', day],
    queryFn: () => countRepairs({ promised_on: day ?? 0 }),
    enabled: day !== null,
  })
  return data && Number(data.total)
}
