import { TextInput } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow, useServerClock } from '../../server-clock.ts'
import { useFormat } from '../../ui/format.ts'
import { useOneTabStop } from '../../ui/fields/one-tab-stop.ts'
import { ToggleChip } from '../../ui/fields/toggle-chip.tsx'
import classes from './intake/intake.module.css'
import { promiseFor, readLocal, writeLocal, type QuickPromise } from './promise.ts'

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
                onToggle={() => onAt(at === choice.at ? null : choice.at)}
              >
                {t(`promise.quick.${choice.quick}`)}
              </ToggleChip>
            ),
        )}
        <TextInput
          type="datetime-local"
          aria-label={t('intake:promised')}
          value={at === null ? '' : writeLocal(at, timeZone)}
          {...(!doubtful && { min: writeLocal(serverNow(), timeZone) })}
          onChange={({ currentTarget }) => onAt(readLocal(currentTarget.value, timeZone))}
          error={error}
        />
      </div>
      {doubtful && <p className={classes.visuallyHidden}>{t('promise.noClock')}</p>}
      <p className={classes.visuallyHidden}>{at === null ? t('promise.none') : spoken.format(at)}</p>
    </div>
  )
}
