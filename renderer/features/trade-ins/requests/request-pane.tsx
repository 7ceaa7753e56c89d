import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconMapPin, IconTruck, IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Phone } from '../../../ui/phone.tsx'
import { toCustomer, toDevice, toTicket } from '../../../ui/routes.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { When } from '../../../ui/when.tsx'
import { Bought } from '../purchase/bought.tsx'
import { Checks } from './checks.tsx'
import { Answers, Offers } from './offers.tsx'
import { OtherTime } from './other-time.tsx'
import { PickUpTime } from './pick-up-time.tsx'
import { RequestActions } from './request-actions.tsx'
import { RequestPhotos } from './request-photos.tsx'
import { addressOf, customerOf, deviceOf } from './request-words.ts'
import { requestQuery, type RequestDetail } from './requests.ts'
import { StepBadge } from '../../../desk/step-badge.tsx'
import { Steps } from './steps.tsx'
import classes from './requests.module.css'

type Props = {
  id: number
  onClose: () => void
  /** In place of the list, where there is no room beside it. */
  alone?: boolean
}

/** One request beside the list: what was asked, what was found, what is offered, and what comes next. */
export function RequestPane({ id, onClose, alone = false }: Props) {
  const { t } = useTranslation(['trade-ins', 'frame'])
  const { data: request, error, refetch } = useQuery(requestQuery(id))
  const title = t('requests.one', { id })
  useEffect(() => {
    document.title = `${title} · Fixpoint`
  }, [title])
  useShortcuts([{ keys: 'Escape', label: t('requests.back'), run: onClose }])
  return (
    <aside className={classes.pane} aria-label={title} data-alone={alone || undefined}>
      <header className={classes.paneHead}>
        {alone ? <h1>{title}</h1> : <h2>{title}</h2>}
        {request && <StepBadge status={request.status} />}
        <ActionIcon variant="subtle" color="gray" aria-label={t('requests.back')} onClick={onClose}>
          <IconX size={18} aria-hidden />
        </ActionIcon>
      </header>
      {request ? (
        <Opened request={request} />
      ) : (
        <div className={classes.section}>
          {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={8} />}
        </div>
      )}
    </aside>
  )
}

function Opened({ request }: { request: RequestDetail }) {
  return (
    <>
      <div className={classes.paneScroll} tabIndex={0} role="group" aria-label={deviceOf(request)}>
        <section className={classes.section}>
          <Who request={request} />
          <Steps request={request} />
        </section>
        <Bought request={request} />
        <section className={classes.section} aria-labelledby="request-device">
          <Device request={request} />
          <RequestPhotos photos={request.photos} />
        </section>
        {request.channel === 'web' && <Place request={request} />}
        <Offers offers={request.offers} />
        <Answers answers={request.answers} />
      </div>
      <RequestActions request={request} />
    </>
  )
}

function Who({ request }: { request: RequestDetail }) {
  const { t } = useTranslation('trade-ins')
  const { user_id, user_phone, channel, created_at, order_id } = request
  return (
    <p className={classes.who}>
      <Link data-work-start to={toCustomer(user_id)}>
        {customerOf(request)}
      </Link>
      {user_phone && <Phone number={user_phone} call />}
      <span className={classes.dim}>
        {t(`requests.channel.${channel}`)}, <When at={created_at} />
      </span>
      {order_id !== null && <Link to={toTicket(order_id)}>{t('requests.ofTicket')}</Link>}
    </p>
  )
}

function Device({ request }: { request: RequestDetail }) {
  const { t } = useTranslation('trade-ins')
  const { device, additional_info, estimated_price_cents: _, condition, photos } = request
  return (
    <>
      <h2 id="request-device" className={classes.deviceName}>
        {device ? <Link to={toDevice(device.id)}>{device.title}</Link> : deviceOf(request)}
        <span className={classes.dim}>{t('requests.photoCount', { count: photos.length })}</span>
      </h2>
      {device?.serial_number && <p className={`${classes.dim} figures`}>{device.serial_number}</p>}
      {request.channel === 'web' && <p className={classes.dim}>{t('requests.saidGrade', { grade: condition })}</p>}
      {additional_info && <blockquote className={classes.said}>{additional_info}</blockquote>}
      {device && !request.purchase && <Checks checks={device.checks} />}
      {device?.elsewhere && !request.purchase && (
        <p role="alert" className={classes.warning}>
          {t(`requests.elsewhere.${device.elsewhere.where}`, { name: device.elsewhere.name })}
        </p>
      )}
    </>
  )
}

function Place({ request }: { request: RequestDetail }) {
  const { t } = useTranslation('trade-ins')
  const address = addressOf(request)
  if (request.status !== 'requested' && address === '') return null
  return (
    <section className={classes.section} aria-label={t('requests.pickUp')}>
      <div className={classes.place}>
        <div>
          <p>
            <IconTruck size={18} aria-hidden />
            <strong>
              {request.scheduled_at === null ? t('requests.noTime') : <PickUpTime at={request.scheduled_at} />}
            </strong>
          </p>
          {address !== '' && (
            <p>
              <IconMapPin size={18} aria-hidden />
              <bdi>{address}</bdi>
            </p>
          )}
        </div>
        {request.status === 'requested' && <OtherTime request={request} />}
      </div>
    </section>
  )
}
