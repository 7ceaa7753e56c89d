import { useMayWork, useSeesMoney } from '../../../session.ts'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams } from 'react-router'
import { isOpen } from '../../../../server/domain/repair-status.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { Page } from '../../../ui/page.tsx'
import { useShortcuts, type Shortcut } from '../../../ui/scanner/shortcuts.ts'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { useHandOver, useMove } from '../change-status.ts'
import { Pay } from '../pay/pay.tsx'
import { ticketQuery, type Ticket as TicketData } from '../requests.ts'
import { HAND_OVER_KEY, useStatusShortcuts } from '../status-keys.ts'
import { TicketActions } from './ticket-actions.tsx'
import { TicketFacts } from './ticket-facts.tsx'
import { TicketHead } from './ticket-head.tsx'
import { TicketMoney } from './ticket-money.tsx'
import { TicketPhotos } from './ticket-photos.tsx'
import { TicketPlan } from './ticket-plan.tsx'
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
      beside={<TicketHead ticket={ticket} />}
      action={<TicketActions ticket={ticket} onPay={() => setPaying(true)} />}
    >
      {takenIn && (
        <Suspense>
          <TakenIn ticket={ticket} />
        </Suspense>
      )}
      <div className={classes.screen}>
        <Timeline ticket={ticket} />
        <div className={classes.side}>
          {seesMoney && <TicketMoney ticket={ticket} />}
          <TicketPlan ticket={ticket} />
          <TicketPhotos ticket={ticket} />
          <TicketFacts ticket={ticket} />
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
  const statuses = useStatusShortcuts((to) => move({ row: ticket, to }))
  const work: (Shortcut | false)[] = [
    ticket.due_cents > 0 && { keys: 'F9', label: t('pay:title'), run: () => void (paying || onPay()) },
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

/** The stub while the repair is open; who has paid all wants the receipt. */
function defaultPaper(ticket: TicketData) {
  return receiptsOf(ticket).length > 0 && ticket.due_cents === 0 ? ('receipt' as const) : ('stub' as const)
}
