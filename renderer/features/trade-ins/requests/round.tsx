import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { endOfDay } from '../../../../server/domain/time/shop-day.ts'
import { PaperScreen } from '../../../print/paper-screen.tsx'
import { ShopHead, usePaperDate } from '../../../print/paper-parts.tsx'
import type { SheetSize } from '../../../print/page-size.ts'
import { serverNow } from '../../../server-clock.ts'
import { useFormat } from '../../../ui/format.ts'
import { Phone } from '../../../ui/phone.tsx'
import { TO_TRADE_INS } from '../../../ui/routes.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { addressOf, customerOf, deviceOf } from './request-words.ts'
import { fetchRequests, type Request } from './requests.ts'
import classes from './requests-papers.module.css'

const A4: SheetSize = { width: 210, height: 297 }
/** More than anybody fetches on a day. */
const MOST = 100

/** What is to be fetched today, and what should have been before, in the order of its times: for whoever drives. */
export function Round() {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const { timeZone } = useFormat()
  const before = endOfDay(serverNow(), timeZone)
  const { data, error, refetch } = useQuery({
    queryKey: ['trade-ins', 'round', before],
    queryFn: () => fetchRequests({ todo: 'collect', before }, { limit: MOST }),
  })
  useEffect(() => {
    document.title = `${t('requests.round.title')} · Fixpoint`
  }, [t])
  if (!data && error) return <ErrorState error={error} onRetry={() => void refetch()} />
  const leave = () => void go(TO_TRADE_INS, { replace: true })
  return (
    <PaperScreen
      paper="round"
      size={A4}
      title={t('requests.round.title')}
      back={t('requests.title')}
      onBack={leave}
      onPrinted={leave}
      ready={data !== undefined}
    >
      {data && <Sheet requests={data} />}
    </PaperScreen>
  )
}

function Sheet({ requests }: { requests: readonly Request[] }) {
  const { t } = useTranslation('trade-ins')
  const date = usePaperDate()
  return (
    <article className={classes.a4}>
      <header className={classes.head}>
        <ShopHead />
        <div>
          <h2>{t('requests.round.title')}</h2>
          <p>{date.day(serverNow())}</p>
        </div>
      </header>
      {requests.length === 0 ? (
        <p>{t('requests.round.none')}</p>
      ) : (
        <table className={classes.round}>
          <thead>
            <tr>
              <th scope="col">{t('requests.round.when')}</th>
              <th scope="col">{t('requests.round.where')}</th>
              <th scope="col">{t('requests.round.device')}</th>
              <th scope="col">{t('requests.round.done')}</th>
            </tr>
          </thead>
          <tbody>
            {requests.map((request) => (
              <Stop key={request.id} request={request} />
            ))}
          </tbody>
        </table>
      )}
    </article>
  )
}

function Stop({ request }: { request: Request }) {
  const { t } = useTranslation('trade-ins')
  const date = usePaperDate()
  const { scheduled_at, user_phone, additional_info, notes } = request
  return (
    <tr>
      <td>{scheduled_at === null ? t('requests.noTime') : date.instant(scheduled_at)}</td>
      <td>
        <strong>
          <bdi>{customerOf(request)}</bdi>
        </strong>
        <bdi>{addressOf(request)}</bdi>
        {user_phone && <Phone number={user_phone} />}
      </td>
      <td>
        <strong>
          {request.id} · <bdi>{deviceOf(request)}</bdi>
        </strong>
        {additional_info && <bdi>{additional_info}</bdi>}
        {notes && <bdi>{notes}</bdi>}
      </td>
      <td>
        <span className={classes.box} />
      </td>
    </tr>
  )
}
