import { useTranslation } from 'react-i18next'
import { startOfDay } from '../../../../server/domain/time/shop-day.ts'
import { serverNow } from '../../../server-clock.ts'
import { useFormat } from '../../../ui/format.ts'

/** A day and its time, "today 16:30": whoever fetches something needs both. */
export function PickUpTime({ at }: { at: number }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const { timeZone, dateLocale } = format
  const isToday = startOfDay(at, timeZone) === startOfDay(serverNow(), timeZone)
  const time = new Intl.DateTimeFormat(dateLocale, { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
  return (
    <time className="figures" dateTime={new Date(at).toISOString()} title={format.instant(at)}>
      {isToday ? t('requests.today') : format.when(at)} {time}
    </time>
  )
}
