import {
  IconArrowBackUp,
  IconCash,
  IconCheck,
  IconDoorEnter,
  IconDoorExit,
  IconLock,
  IconLockOpen,
  IconPackage,
  IconQuestionMark,
  IconShoppingCart,
  IconTag,
  IconTrash,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMayWork } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import { toBought, toTicket, toTradeIn, toWebOrder } from '../../ui/routes.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { When } from '../../ui/when.tsx'
import classes from './device-timeline.module.css'
import { deviceTimelineQuery, type DeviceEventData } from './requests.ts'
import { WholeCodes } from '../../ui/whole-codes.tsx'

const ICONS: Record<DeviceEventData['kind'], typeof IconCash> = {
  'taken-in': IconDoorEnter,
  repaired: IconCheck,
  'handed-out': IconDoorExit,
  offered: IconTag,
  bought: IconCash,
  received: IconPackage,
  held: IconLock,
  released: IconLockOpen,
  'given-back': IconArrowBackUp,
  sold: IconShoppingCart,
  returned: IconArrowBackUp,
  missed: IconQuestionMark,
  found: IconPackage,
  'written-off': IconTrash,
}

/** All lives of a device, the newest first; each entry opens its document. */
export function DeviceTimeline({ id }: { id: number }) {
  const { t } = useTranslation('customers')
  const { data: events, error, refetch } = useQuery(deviceTimelineQuery(id))
  if (!events) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows />
  if (events.length === 0) return <EmptyState>{t('device.nothing')}</EmptyState>
  return (
    <ol className={classes.events} aria-label={t('device.timeline')}>
      {events.map((event, index) => (
        <DeviceEvent key={`${event.kind} ${event.at} ${index}`} event={event} />
      ))}
    </ol>
  )
}

function DeviceEvent({ event }: { event: DeviceEventData }) {
  const { kind, at, who, document, text } = event
  const Icon = ICONS[kind]
  return (
    <li className={classes.event} data-kind={kind}>
      <Icon size={18} stroke={1.6} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        <span>
          <Happened event={event} /> {document && <Document document={document} />}
        </span>
        <span className={classes.by}>
          {who !== null && <>{who} · </>}
          <When at={at} />
        </span>
        {text && <p className={classes.text}>{text}</p>}
      </div>
    </li>
  )
}

function Happened({ event: { kind, amount_cents, until } }: { event: DeviceEventData }) {
  const { t } = useTranslation('customers')
  const { cents, date } = useFormat()
  const amount = amount_cents === null ? '' : cents(amount_cents)
  return <b>{t(`device.events.${kind}`, { amount, day: until === null ? '' : date(until) })}</b>
}

/** Its number leads to its screen, where who looks may open it; for who sees no money a purchase stands on its request. */
function Document({
  document: { kind, id, number, pickup_id },
}: {
  document: NonNullable<DeviceEventData['document']>
}) {
  const { t } = useTranslation('customers')
  const mayWork = useMayWork()
  const shown = <WholeCodes>{kind === 'trade-in' ? t('device.request', { number }) : number}</WholeCodes>
  if (kind === 'ticket') return <Link to={toTicket(id)}>{shown}</Link>
  if (kind === 'purchase' && mayWork) return <Link to={toBought(id)}>{shown}</Link>
  if (pickup_id !== null) return <Link to={toTradeIn(pickup_id)}>{shown}</Link>
  if (kind === 'web-order' && mayWork) return <Link to={toWebOrder(id)}>{shown}</Link>
  return <span className="figures">{shown}</span>
}
