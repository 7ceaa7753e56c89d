import { Button, Menu } from '@mantine/core'
import { IconCash, IconDoorExit, IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMayWork, useSeesMoney } from '../../../session.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { toBuyIn, toIntake } from '../../../ui/routes.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { isOpen } from '../../../../server/domain/repair-status.ts'
import { Money } from '../../../ui/money.tsx'
import { useHandOver, waitsForPickUp } from '../change-status.ts'
import { PAPERS, receiptsOf, toPaper } from '../papers/papers.ts'
import type { Ticket } from '../requests.ts'
import { HAND_OVER_KEY } from '../status-keys.ts'
import classes from './ticket-head.module.css'

type Props = { ticket: Ticket; onPay: () => void }

/** A repair that is not worth it becomes an offer. */
const BUY_KEY = 'alt+b'

export function TicketActions({ ticket, onPay }: Props) {
  const { t } = useTranslation(['repairs', 'papers', 'pay'])
  const go = useNavigate()
  const mayWork = useMayWork()
  const seesMoney = useSeesMoney()
  const handOver = useHandOver()
  const buyInstead = () => void go(toBuyIn({ order: ticket.id }))
  const canBuy = ticket.bought_by === null
  useShortcuts([canBuy && { keys: BUY_KEY, label: t('ticket.buyInstead'), run: buyInstead }])
  return (
    <div className={classes.acts}>
      {seesMoney && <BalanceDue ticket={ticket} />}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            className={classes.act}
            variant="default"
            leftSection={<IconPrinter size={18} aria-hidden />}
            rightSection={<Key of="F10" />}
          >
            {t('papers:print')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {PAPERS.map((paper) => (
            <Menu.Item
              key={paper}
              disabled={paper === 'receipt' && receiptsOf(ticket).length === 0}
              onClick={() => void go(toPaper(ticket.id, paper))}
            >
              {t(`papers:paper.${paper}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {mayWork && (
            <Menu.Item onClick={() => void go(toIntake({ customer: ticket.customer.id, device: ticket.device_id }))}>
              {t('ticket.takeInAgain')}
            </Menu.Item>
          )}
          {canBuy && (
            <Menu.Item onClick={buyInstead} rightSection={<Key of={BUY_KEY} />}>
              {t('ticket.buyInstead')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {mayWork && !isOpen(ticket.status) && ticket.picked_up_at === null && (
        <Button
          className={classes.act}
          variant={ticket.due_cents === 0 && waitsForPickUp(ticket) ? 'filled' : 'default'}
          onClick={() => handOver(ticket)}
          leftSection={<IconDoorExit size={18} aria-hidden />}
          rightSection={<Key of={HAND_OVER_KEY} />}
        >
          {t('ticket.handOver')}
        </Button>
      )}
      {mayWork && ticket.due_cents > 0 && (
        <Button
          className={classes.act}
          onClick={onPay}
          leftSection={<IconCash size={18} aria-hidden />}
          rightSection={<Key of="F9" />}
        >
          {t('pay:title')}
        </Button>
      )}
    </div>
  )
}

/** What this repair owes, and of how much. */
function BalanceDue({ ticket: { due_cents, total_cents } }: { ticket: Ticket }) {
  const { t } = useTranslation('repairs')
  if (due_cents === 0)
    return (
      <div className={classes.due} {...(total_cents === 0 ? { 'data-none': true } : { 'data-paid': true })}>
        <strong>{t(total_cents === 0 ? 'ticket.noPrice' : 'ticket.nothingDue')}</strong>
      </div>
    )
  return (
    <div className={classes.due} data-due>
      <small>
        {t('ticket.due')}
        {due_cents !== total_cents && (
          <>
            {' '}
            {t('ticket.dueOf')} <Money cents={total_cents} />
          </>
        )}
      </small>
      <strong>
        <Money cents={due_cents} />
      </strong>
    </div>
  )
}
