import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconDoorEnter, IconDoorExit } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isOpen, ORDER_STATUSES } from '../../../../server/domain/repair-status.ts'
import { useMayWork, useSeesMoney } from '../../../session.ts'
import { Key, KeyRange } from '../../../ui/scanner/key.tsx'
import { Money } from '../../../ui/money.tsx'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { toCustomer, toDevice } from '../../../ui/routes.ts'
import { When } from '../../../ui/when.tsx'
import { useHandOver, useMove } from '../change-status.ts'
import type { Ticket } from '../requests.ts'
import { HAND_OVER_KEY, STATUS_KEYS } from '../status-keys.ts'
import classes from './ticket.module.css'

/** The strip beside the number: status, overdue, customer, device, and what is owed. */
export function TicketHead({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const { customer, device } = ticket
  const mayWork = useMayWork()
  const seesMoney = useSeesMoney()
  return (
    <div className={classes.strip}>
      {mayWork ? (
        <span className={classes.status}>
          <StatusMenu ticket={ticket} />
          <KeyRange from={STATUS_KEYS.Pending} to={STATUS_KEYS.Cancelled} />
        </span>
      ) : (
        <StatusBadge status={ticket.status} />
      )}
      {ticket.overdue && <StatusBadge status={ticket.status} overdue />}
      {ticket.picked_up_at !== null && (
        <span className={classes.handedOver}>
          {t('timeline.pickedUp')} · <When at={ticket.picked_up_at} />
        </span>
      )}
      {seesMoney && <BalanceDue ticket={ticket} />}
      {customer.balance_cents > ticket.due_cents && (
        <span className={classes.dim}>
          {t('ticket.balance')} <Money cents={customer.balance_cents} />
        </span>
      )}
      <div className={classes.what}>
        <span>
          <Link to={toCustomer(customer.id)} className={classes.link}>
            {customer.full_name}
          </Link>
          {customer.phone && (
            <>
              {' · '}
              <a href={`tel:${customer.phone.replace(/[^+\d]/g, '')}`} className={`${classes.link} figures`}>
                {customer.phone}
              </a>
            </>
          )}
        </span>
        <span>
          <Link to={toDevice(device.id)} className={`${classes.link} ${classes.device}`}>
            {device.brand} {device.model}
          </Link>
          {device.serial_number && <span className={`${classes.dim} figures`}> {device.serial_number}</span>}
        </span>
      </div>
    </div>
  )
}

function BalanceDue({ ticket: { due_cents, total_cents } }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  if (due_cents === 0)
    return total_cents === 0 ? (
      <span className={classes.dim}>{t('ticket.noPrice')}</span>
    ) : (
      <span className={classes.owed}>{t('ticket.nothingDue')}</span>
    )
  return (
    <span className={classes.owed} data-owes>
      {t('ticket.due')} <Money cents={due_cents} />
    </span>
  )
}

function StatusMenu({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const move = useMove()
  const handOver = useHandOver()
  const { status, picked_up_at } = ticket
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton
          className={classes.statusButton}
          aria-label={t('ticket.statusNow', { status: t(`frame:status.${ticket.status}`) })}
        >
          <StatusBadge status={ticket.status} />
          <IconChevronDown size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {ORDER_STATUSES.map((to) => (
          <Menu.Item
            key={to}
            disabled={to === status}
            rightSection={<Key of={STATUS_KEYS[to]} />}
            onClick={() => move({ row: ticket, to })}
          >
            <StatusBadge status={to} />
          </Menu.Item>
        ))}
        {!isOpen(status) && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={
                picked_up_at === null ? <IconDoorExit size={16} aria-hidden /> : <IconDoorEnter size={16} aria-hidden />
              }
              rightSection={picked_up_at === null && <Key of={HAND_OVER_KEY} />}
              onClick={() => handOver(ticket, picked_up_at === null)}
            >
              {t(picked_up_at === null ? 'ticket.handOver' : 'ticket.bringBack')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
