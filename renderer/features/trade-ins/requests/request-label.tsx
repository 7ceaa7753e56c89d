import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { QrCode, requestCode } from '../../../print/codes.tsx'
import { usePaperDate } from '../../../print/paper-parts.tsx'
import { PaperScreen } from '../../../print/paper-screen.tsx'
import { LABEL } from '../../../print/page-size.ts'
import { useFit } from '../../../print/use-fit.ts'
import classes from '../../../print/label.module.css'
import { toTradeIn } from '../../../ui/routes.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { customerOf, deviceOf } from './request-words.ts'
import { requestQuery, type RequestDetail } from './requests.ts'

/** What sticks on a device that was fetched or brought, until it is bought or goes back. */
export function RequestLabel() {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const id = Number(useParams()['id'])
  const { data: request, error, refetch } = useQuery(requestQuery(id))
  const title = t('requests.one', { id })
  useEffect(() => {
    document.title = `${title} · Fixpoint`
  }, [title])
  if (!request && error) return <ErrorState error={error} onRetry={() => void refetch()} />
  const leave = () => void go(toTradeIn(id), { replace: true })
  return (
    <PaperScreen
      paper="label"
      size={LABEL}
      title={title}
      back={title}
      onBack={leave}
      onPrinted={leave}
      ready={request !== undefined}
    >
      {request && <Label request={request} />}
    </PaperScreen>
  )
}

function Label({ request }: { request: RequestDetail }) {
  const { t } = useTranslation('trade-ins')
  const date = usePaperDate()
  const words = useRef<HTMLDivElement>(null)
  const fit = useFit(words)
  const { id, device, collected_at, created_at } = request
  return (
    <article className={classes.label}>
      <QrCode text={requestCode(id)} label={t('requests.one', { id })} className={classes.code} />
      <div className={classes.text}>
        <strong className={classes.number}>{t('requests.one', { id })}</strong>
        <div ref={words} className={classes.words} data-fit={fit}>
          <bdi className={classes.thing}>{device?.title ?? deviceOf(request)}</bdi>
          <bdi>{customerOf(request)}</bdi>
          {device?.serial_number && <bdi>{device.serial_number}</bdi>}
        </div>
        <span className={classes.foot}>
          <span>{t('requests.labelFoot')}</span>
          <span>{date.day(collected_at ?? created_at)}</span>
        </span>
      </div>
    </article>
  )
}
