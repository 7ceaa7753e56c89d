import { Button } from '@mantine/core'
import { IconClockExclamation } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useServerClock } from '../../server-clock.ts'
import { useSession } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import classes from './clock.module.css'
import { ConfirmClock } from './confirm-clock.tsx'

/** Shown while the last entry contradicts the clock: both times, and for signed-in users a button to confirm the clock. */
export function ClockBanner() {
  const { t } = useTranslation()
  const format = useFormat()
  const clock = useServerClock()
  const signedIn = useSession(({ session }) => session?.user != null && !session.locked)
  const [opened, setOpened] = useState(false)
  const contradicted = clock?.state === 'contradicted' ? clock : null
  return (
    <div role="status">
      {contradicted && (
        <div className={classes.banner}>
          <IconClockExclamation size={18} aria-hidden />
          <p>
            <strong>{t('clock.says', { says: format.moment(contradicted.says) })}</strong>{' '}
            {contradicted.last_write !== null && t('clock.last', { last: format.moment(contradicted.last_write) })}{' '}
            {t(signedIn ? 'clock.setOrConfirm' : 'clock.setOrSignIn')}
          </p>
          {signedIn && (
            <Button size="compact-sm" variant="default" onClick={() => setOpened(true)}>
              {t('clock.check')}
            </Button>
          )}
        </div>
      )}
      {contradicted && <ConfirmClock clock={contradicted} opened={opened} onClose={() => setOpened(false)} />}
    </div>
  )
}
