import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import { ToggleChip } from '../../ui/fields/toggle-chip.tsx'
import classes from './intake/intake.module.css'
import { promiseFor, readLocal, writeLocal, type QuickPromise } from './promise.ts'

const QUICK: readonly QuickPromise[] = ['today', 'tomorrow', 'threeDays', 'week']

type Props = { at: number | null; onAt: (at: number | null) => void; error?: string | undefined }

/** When it will be ready: a usual day by one press, or any date and time. */
export function PromiseField({ at, onAt, error }: Props) {
  const { t } = useTranslation('repairs')
  const { timeZone, locale } = useFormat()
  const choices = QUICK.map((quick) => ({ quick, at: promiseFor(quick, Date.now(), timeZone) }))
  const spoken = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (
    <div>
      <div role="group" aria-label={t('intake.promised')} className={classes.chips}>
        {choices.map(
          (choice) =>
            choice.at !== null && (
              <ToggleChip
                key={choice.quick}
                pressed={at === choice.at}
                onToggle={() => onAt(at === choice.at ? null : choice.at)}
              >
                {t(`promise.${choice.quick}`)}
              </ToggleChip>
            ),
        )}
        <TextInput
          type="datetime-local"
          aria-label={t('intake.promised')}
          value={at === null ? '' : writeLocal(at, timeZone)}
          min={writeLocal(Date.now(), timeZone)}
          onChange={({ currentTarget }) => onAt(readLocal(currentTarget.value, timeZone))}
          error={error}
        />
      </div>
      <p className={classes.spoken}>{at === null ? t('promise.none') : spoken.format(at)}</p>
    </div>
  )
}
