import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ORDER_STATUSES } from '../../../server/domain/repair-status.ts'
import { Key } from '../../ui/key.tsx'
import { Money } from '../../ui/money.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { toCustomer } from '../../ui/ways.ts'
import { useMove } from './change-status.ts'
import type { Ticket } from './requests.ts'
import classes from './ticket.module.css'

/** The strip beside the number: status, overdue, customer, device, and what is owed. */
export function TicketHead({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  const { customer, device } = ticket
  return (
    <div className={classes.strip}>
      <StatusMenu ticket={ticket} />
      {ticket.overdue && <StatusBadge status={ticket.status} overdue />}
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
      <span className={classes.device}>
        {device.brand} {device.model}
        {device.serial_number && <span className={`${classes.dim} figures`}> {device.serial_number}</span>}
      </span>
      <Owed ticket={ticket} />
      {customer.balance_cents > ticket.due_cents && (
        <span className={classes.dim}>
          {t('ticket.balance')} <Money cents={customer.balance_cents} />
        </span>
      )}
    </div>
  )
}

function Owed({ ticket: { due_cents, total_cents } }: { ticket: Ticket }) {
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
        {ORDER_STATUSES.map((status, index) => (
          <Menu.Item
            key={status}
            disabled={status === ticket.status}
            rightSection={<Key of={String(index + 1)} />}
            onClick={() => move({ row: ticket, to: status })}
          >
            <StatusBadge status={status} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
