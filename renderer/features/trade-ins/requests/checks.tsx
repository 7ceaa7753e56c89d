import { IconAlertTriangle, IconCheck, IconQuestionMark } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { joined } from '../../../isolated.ts'
import { useFormat } from '../../../ui/format.ts'
import type { Check } from './requests.ts'
import classes from './requests.module.css'

const ICONS = { pass: IconCheck, fail: IconAlertTriangle, 'not-checked': IconQuestionMark } as const

/** What was looked up about the device, where and when; what nobody looked up says so. */
export function Checks({ checks }: { checks: readonly Check[] }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  return (
    <ul className={classes.checks} aria-label={t('requests.checks')}>
      {checks.map(({ kind, result, source, reference, at }) => {
        const Icon = ICONS[result]
        return (
          <li key={kind} data-result={result}>
            <Icon size={16} aria-hidden />
            <span>{t(`requests.check.${kind}`)}</span>
            <span>{joined(t(`requests.outcome.${result}`), source, reference, at !== null && format.day(at))}</span>
          </li>
        )
      })}
    </ul>
  )
}
