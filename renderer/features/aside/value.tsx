import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import { When } from '../../ui/when.tsx'
import type { Value } from './requests.ts'

/** Statuses of a repair; all else that is text was typed by somebody. */
const STATUSES = ['Pending', 'Repairing', 'Completed', 'Cancelled'] as const

/** A value as people write it. */
export function ValueText({ value: { kind, text, number } }: { value: Value }) {
  const { t } = useTranslation(['aside', 'frame'])
  const format = useFormat()
  if (number === null) {
    if (text === null || text === '') return <>{t('empty')}</>
    const status = STATUSES.find((one) => one === text)
    return <bdi>{status ? t(`frame:status.${status}`) : text}</bdi>
  }
  if (kind === 'moment') return <When at={number} withTime />
  if (kind === 'flag') return <>{t(number === 1 ? 'yes' : 'no')}</>
  return <span className="figures">{kind === 'cents' ? format.cents(number) : format.count(number)}</span>
}
