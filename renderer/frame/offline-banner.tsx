import { IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../connection.ts'
import classes from './offline-banner.module.css'

/** Holds for as long as the server does not answer; says what still works, and lets it be worked with. */
export function OfflineBanner() {
  const { t } = useTranslation()
  const reachable = useConnection((state) => state.reachable)
  return (
    <div role="status">
      {!reachable && (
        <p className={classes.banner}>
          <IconPlugConnectedX size={18} aria-hidden />
          <span>
            <strong>{t('offline.title')}</strong> {t('offline.text')}
          </span>
        </p>
      )}
    </div>
  )
}
