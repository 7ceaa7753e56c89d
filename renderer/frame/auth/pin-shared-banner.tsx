import { IconLockExclamation } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useSession } from '../../session.ts'
import classes from '../offline-banner.module.css'

/** Says to whoever has the same PIN as somebody else that theirs opens with their name alone, and where they choose another. */
export function PinSharedBanner() {
  const { t } = useTranslation('auth')
  const shared = useSession(({ session }) => session?.pin_shared ?? false)
  return (
    <div role="status">
      {shared && (
        <p className={classes.banner}>
          <IconLockExclamation size={18} aria-hidden />
          <span>
            {t('lock.pinShared')} <Link to="/settings/me">{t('lock.choosePin')}</Link>
          </span>
        </p>
      )}
    </div>
  )
}
