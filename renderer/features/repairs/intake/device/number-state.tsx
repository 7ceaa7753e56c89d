import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { imeiKind } from '../../../../../server/domain/imei.ts'
import found from '../suggestions.module.css'

/** Whether the number can be right: an IMEI's last digit is the check digit of those before it. */
export function NumberState({ serial }: { serial: string }) {
  const { t } = useTranslation('intake')
  const kind = imeiKind(serial)
  if (kind === 'not-an-imei') return null
  return (
    <p className={found.numberState} data-kind={kind} role="status">
      {kind === 'valid' ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
      {t(kind === 'valid' ? 'imeiValid' : 'imeiInvalid')}
    </p>
  )
}
