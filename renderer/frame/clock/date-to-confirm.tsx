import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../query.ts'
import { clockQuery, useServerClock } from '../../server-clock.ts'
import { openSession, useSession } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import classes from './clock.module.css'

/** After an absence: the date, large; signing in or unlocking confirms it. */
export function DateToConfirm() {
  const { t } = useTranslation()
  const { weekday, moment } = useFormat()
  const clock = useServerClock()
  if (clock?.state !== 'unconfirmed') return null
  return (
    <section className={classes.today} aria-label={t('clock.today')}>
      <p className={classes.date}>{weekday(clock.says)}</p>
      <p className={classes.text}>
        {clock.last_write !== null && t('clock.last', { last: moment(clock.last_write) })} {t('clock.signInConfirms')}
      </p>
    </section>
  )
}

/** An unconfirmed clock locks every screen until somebody has signed in: reads the session and the clock again when that may have changed. */
export function useClockConfirmation() {
  const state = useServerClock()?.state
  const user = useSession(({ session }) => session?.user?.id)
  const open = useSession(({ session }) => session?.user != null && !session.locked)
  useEffect(() => {
    if (state === 'unconfirmed' && open) void openSession()
  }, [state, open])
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: clockQuery.queryKey })
  }, [user, open])
}
