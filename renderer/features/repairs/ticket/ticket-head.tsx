import { Button } from '@mantine/core'
import { IconCheck, IconClockHour4, IconTool, IconX } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ORDER_STATUSES } from '../../../../server/domain/repair-status.ts'
import { useMayWork, useSeesMoney } from '../../../session.ts'
import { useOneTabStop } from '../../../ui/fields/one-tab-stop.ts'
import { Money } from '../../../ui/money.tsx'
import { Phone } from '../../../ui/phone.tsx'
import { Key } from '../../../ui/scanner/key.tsx'
import { StatusBadge } from '../../../ui/marks/status-badge.tsx'
import { toCustomer, toDevice, toTradeIn } from '../../../ui/routes.ts'
import { When } from '../../../ui/when.tsx'
import { useHandOver, useMove } from '../change-status.ts'
import { isBought, type Ticket } from '../requests.ts'
import { STATUS_KEYS } from '../status-keys.ts'
import classes from './ticket-head.module.css'
import { deviceName } from '../../../../server/domain/text/device-name.ts'

const ICONS = {
  Pending: IconClockHour4,
  Repairing: IconTool,
  Completed: IconCheck,
  Cancelled: IconX,
} as const

/** Beside the number: the state, which a press changes. That it is overdue stands with what was promised. */
export function TicketStatus({ ticket }: { ticket: Ticket }) {
  return useMayWork() ? <StatusSegments ticket={ticket} /> : <StatusBadge status={ticket.status} />
}

function StatusSegments({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const move = useMove()
  const group = useRef<HTMLDivElement>(null)
  useOneTabStop(group)
  return (
    <div ref={group} role="group" aria-label={t('column.status')} className={classes.segments}>
      {ORDER_STATUSES.map((status) => {
        const Icon = ICONS[status]
        const isNow = status === ticket.status
        return (
          <button
            key={status}
            type="button"
            className={classes.segment}
            data-status={status}
            aria-pressed={isNow}
            data-work-start={isNow || undefined}
            onClick={() => move({ row: ticket, to: status })}
          >
            <Icon size={15} stroke={2} aria-hidden />
            {t(`frame:status.${status}`)}
            {!isNow && <Key of={STATUS_KEYS[status]} />}
          </button>
        )
      })}
    </div>
  )
}

/** Whose device it is, what they owe in all where that is more than for this one, and which it is; and whether it has left. */
export function TicketSubject({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const { customer, device } = ticket
  const seesMoney = useSeesMoney()
  return (
    <div className={classes.subject}>
      <span>
        <Link to={toCustomer(customer.id)} className={classes.link}>
          <bdi>{customer.full_name}</bdi>
        </Link>{' '}
        {customer.phone && <Phone number={customer.phone} call className={classes.link} />}
        {seesMoney && customer.balance_cents > ticket.due_cents && (
          <span className={classes.owes}>
            {t('ticket.balance')} <Money cents={customer.balance_cents} />
          </span>
        )}
      </span>
      <span>
        <Link to={toDevice(device.id)} className={`${classes.link} ${classes.device}`}>
          <bdi>{deviceName(device)}</bdi>
        </Link>{' '}
        {device.serial_number && <bdi className={`${classes.dim} figures`}>{device.serial_number}</bdi>}
      </span>
      {ticket.picked_up_at !== null && !endedByPurchase(ticket) && (
        <span className={classes.dim}>
          {t('timeline.pickedUp')} · <When at={ticket.picked_up_at} /> <BringBack ticket={ticket} />
        </span>
      )}
      {ticket.trade_in && <Became trade_in={ticket.trade_in} />}
    </div>
  )
}

/** Whether the device is here no more for its repair because the shop has bought it. */
const endedByPurchase = ({ trade_in, timeline, picked_up_at }: Ticket) =>
  isBought({ trade_in }) && timeline.some(({ kind, at }) => kind === 'bought' && at === picked_up_at)

/** The offer that the repair became, or as what the device was bought. */
function Became({ trade_in: { id, purchase_number } }: { trade_in: NonNullable<Ticket['trade_in']> }) {
  const { t } = useTranslation('repairs')
  return (
    <span className={classes.dim}>
      {purchase_number !== null && <>{t('ticket.bought')} </>}
      <Link to={toTradeIn(id)} className={classes.link}>
        {purchase_number === null ? t('ticket.became', { number: id }) : <bdi>{purchase_number}</bdi>}
      </Link>
    </span>
  )
}

function BringBack({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const mayWork = useMayWork()
  const handOver = useHandOver()
  if (!mayWork || ticket.bought_by !== null) return null
  return (
    <Button variant="subtle" size="compact-xs" onClick={() => handOver(ticket, false)}>
      {t('ticket.bringBack')}
    </Button>
  )
}
