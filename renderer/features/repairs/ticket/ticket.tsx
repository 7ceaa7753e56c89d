import { useMayWork, useSeesMoney } from '../../../session.ts'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams } from 'react-router'
import { isOpen } from '../../../../server/domain/repair-status.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { useFormat } from '../../../ui/format.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { useShortcuts, type Shortcut } from '../../../ui/scanner/shortcuts.ts'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { useHandOver, useMove } from '../change-status.ts'
import { Pay } from '../pay/pay.tsx'
import { ticketQuery, type Ticket as TicketData } from '../requests.ts'
import { HAND_OVER_KEY, useStatusShortcuts } from '../status-keys.ts'
import { TicketActions } from './ticket-actions.tsx'
import { PastRepairs } from './past-repairs.tsx'
import { TicketStatus, TicketSubject } from './ticket-head.tsx'
import { TicketMoney } from './ticket-money.tsx'
import { TicketPhotos } from './ticket-photos.tsx'
import { TicketStrip } from './ticket-strip.tsx'
import classes from './ticket.module.css'
import { Timeline } from './timeline.tsx'
import { receiptsOf, toPaper } from '../papers/papers.ts'

/** Draws codes, which only a ticket that has just been taken in needs. */
const TakenIn = lazy(async () => ({ default: (await import('../papers/taken-in.tsx')).TakenIn }))

/** One repair, from intake to the last payment. */
export function Ticket() {
  const { t } = useTranslation('repairs')
  const id = Number(useParams()['id'])
  const { data: ticket, error, refetch } = useQuery(ticketQuery(id))
  if (ticket) return <TicketScreen key={ticket.id} ticket={ticket} />
  return (
    <Page title={t('ticket.title')}>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={10} />}
    </Page>
  )
}

function TicketScreen({ ticket }: { ticket: TicketData }) {
  const [paying, setPaying] = useState(false)
  const { state } = useLocation()
  const seesMoney = useSeesMoney()
  const takenIn = typeof state === 'object' && state !== null && 'takenIn' in state
  useTicketShortcuts(ticket, { paying, takenIn, onPay: () => setPaying(true) })
  return (
    <Page
      title={ticket.ticket_number}
      fill
      beside={<TicketStatus ticket={ticket} />}
      under={<TicketSubject ticket={ticket} />}
      action={<TicketActions ticket={ticket} onPay={() => setPaying(true)} />}
    >
      <div className={classes.screen}>
        {takenIn && (
          <Suspense>
            <TakenIn ticket={ticket} />
          </Suspense>
        )}
        <TicketStrip ticket={ticket} />
        <div className={classes.panes}>
          <div className={classes.story}>
            <Timeline ticket={ticket} />
            <PastRepairs ticket={ticket} />
          </div>
          <div className={classes.side}>
            {seesMoney && <TicketMoney ticket={ticket} />}
            <TicketPhotos ticket={ticket} />
          </div>
        </div>
      </div>
      {seesMoney && <Pay ticket={ticket} opened={paying} onClose={() => setPaying(false)} />}
    </Page>
  )
}

type KeyProps = { paying: boolean; takenIn: boolean; onPay: () => void }

function useTicketShortcuts(ticket: TicketData, { paying, takenIn, onPay }: KeyProps) {
  const { t } = useTranslation(['repairs', 'pay', 'papers'])
  const go = useNavigate()
  const move = useMove()
  const mayWork = useMayWork()
  const handOver = useHandOver()
  const sayPaid = useSayPaid(ticket)
  const statuses = useStatusShortcuts((to) => move({ row: ticket, to }))
  const work: (Shortcut | false)[] = [
    { keys: 'F9', label: t('pay:title'), run: () => void (ticket.due_cents > 0 ? paying || onPay() : sayPaid()) },
    ...statuses,
    !isOpen(ticket.status) &&
      ticket.picked_up_at === null && {
        keys: HAND_OVER_KEY,
        label: t('ticket.handOver'),
        run: () => handOver(ticket),
      },
    {
      keys: 'alt+m',
      label: t('ticket.write'),
      run: () => document.querySelector<HTMLElement>('[data-composer]')?.focus(),
    },
  ]
  useShortcuts([
    ...(mayWork ? work : []),
    {
      keys: 'F10',
      label: t('papers:title'),
      run: () =>
        void go(takenIn ? toPaper(ticket.id, 'stub', { then: 'label' }) : toPaper(ticket.id, defaultPaper(ticket))),
    },
  ])
}

/** Whoever wants to take money that was taken, here or in another window, is told by whom and when. */
function useSayPaid({ payments }: Partial<Pick<TicketData, 'payments'>>) {
  const { t } = useTranslation(['pay', 'repairs'])
  const format = useFormat()
  const last = payments?.findLast(({ receipt_number }) => receipt_number !== null)
  return () =>
    toast(
      last
        ? t('paidBy', {
            amount: format.cents(last.amount_cents),
            name: last.cashier ?? '–',
            when: format.when(last.paid_at),
          })
        : t('repairs:ticket.nothingDue'),
    )
}

/** The stub while the repair is open; who has paid all wants the receipt. */
function defaultPaper(ticket: TicketData) {
  return receiptsOf(ticket).length > 0 && ticket.due_cents === 0 ? ('receipt' as const) : ('stub' as const)
}
