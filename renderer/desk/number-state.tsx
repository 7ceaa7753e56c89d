import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { numberKind } from '../../server/domain/imei.ts'
import found from './suggestions.module.css'

/** Whether the number can be right: an IMEI's last digit is the check digit of those before it. Other numbers are told from one. */
export function NumberState({ serial }: { serial: string }) {
  const { t } = useTranslation('intake')
  const kind = numberKind(serial)
  if (kind === 'other') return null
  const words = { imei: t('imeiValid'), 'wrong-imei': t('imeiInvalid'), meid: t('meid'), eid: t('eid') }
  return (
    <p className={found.numberState} data-kind={kind === 'imei' ? 'valid' : 'invalid'} role="status">
      {kind === 'imei' ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
      {words[kind]}
    </p>
  )
}
