import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { useMayWork } from '../../../session.ts'
import { EmptyState } from '../../../ui/states/empty-state.tsx'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { altDigit } from '../../../ui/scanner/chords.ts'
import { KeyAt } from '../../../ui/scanner/key.tsx'
import { toTicket } from '../../../ui/routes.ts'
import { storeActivationCode, useActivationCode } from '../../../activation-codes.ts'
import { Labels } from './label.tsx'
import { PAPERS, receiptsOf, toPaper, type Paper } from './papers.ts'
import { Receipt } from './receipt.tsx'
import { makeActivationCode, ticketQuery, type Ticket } from '../requests.ts'
import { LABEL, ROLL, type SheetSize } from '../../../print/page-size.ts'
import { PaperScreen } from '../../../print/paper-screen.tsx'
import classes from '../../../print/paper-screen.module.css'
import { Stub } from './stub.tsx'
import { WorkOrder } from './work-order.tsx'

/** One paper as it will come out of the printer. Enter prints it and goes on to the next one, or back to the ticket. */
export function Print() {
  const params = useParams()
  const id = Number(params['id'])
  const paper = PAPERS.find((one) => one === params['paper']) ?? 'stub'
  const { data: ticket, error, refetch } = useQuery(ticketQuery(id))
  useEffect(() => {
    document.title = ticket ? `${ticket.ticket_number} ${paper}` : 'Fixpoint'
  }, [ticket, paper])
  if (ticket) return <PaperPreview ticket={ticket} paper={paper} />
  return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null
}

const SIZES: Record<Paper, SheetSize> = {
  stub: ROLL,
  receipt: ROLL,
  label: LABEL,
  order: { width: 210, height: 297 },
}

function PaperPreview({ ticket, paper }: { ticket: Ticket; paper: Paper }) {
  const { t } = useTranslation('papers')
  const go = useNavigate()
  const [query] = useSearchParams()
  const then = PAPERS.find((one) => one === query.get('then'))
  const leave = () => void go(toTicket(ticket.id), { replace: true })
  const show = (one: Paper) => void go(toPaper(ticket.id, one), { replace: true })
  return (
    <PaperScreen
      paper={paper}
      size={SIZES[paper]}
      title={`${t(`paper.${paper}`)} ${ticket.ticket_number}`}
      back={ticket.ticket_number}
      onBack={leave}
      onPrinted={() => (then ? show(then) : leave())}
      printLabel={then ? t('printThen', { next: t(`paper.${then}`) }) : t('print')}
      tools={
        <>
          <PaperTabs ticket={ticket} paper={paper} />
          {paper === 'stub' && <NewCode ticket={ticket} />}
        </>
      }
      keys={PAPERS.map((one, index) => ({
        keys: altDigit(index) ?? [],
        label: t(`paper.${one}`),
        run: () => show(one),
      }))}
    >
      <PaperContent ticket={ticket} paper={paper} />
    </PaperScreen>
  )
}

function PaperTabs({ ticket, paper }: { ticket: Ticket; paper: Paper }) {
  const { t } = useTranslation('papers')
  const go = useNavigate()
  return (
    <nav className={classes.tabs} aria-label={t('title')}>
      {PAPERS.map((one, index) => (
        <button
          key={one}
          type="button"
          className={classes.tab}
          aria-current={one === paper ? 'page' : undefined}
          disabled={one === 'receipt' && receiptsOf(ticket).length === 0}
          onClick={() => void go(toPaper(ticket.id, one), { replace: true })}
        >
          <KeyAt index={index} /> {t(`paper.${one}`)}
        </button>
      ))}
    </nav>
  )
}

function PaperContent({ ticket, paper }: { ticket: Ticket; paper: Paper }) {
  const { t } = useTranslation('papers')
  const [query] = useSearchParams()
  if (paper === 'stub') return <Stub ticket={ticket} />
  if (paper === 'label') return <Labels ticket={ticket} />
  if (paper === 'order') return <WorkOrder ticket={ticket} />
  const receipts = receiptsOf(ticket)
  const asked = receipts.find(({ number }) => number === query.get('receipt'))
  const receipt = asked ?? receipts.at(-1)
  return receipt ? <Receipt ticket={ticket} receipt={receipt} /> : <EmptyState>{t('noReceipt')}</EmptyState>
}

/** The code of intake is shown once; a later stub needs a new one, which ends the code before it. */
function NewCode({ ticket: { customer } }: { ticket: Ticket }) {
  const { t } = useTranslation('papers')
  const code = useActivationCode(customer.id)
  const mayWork = useMayWork()
  const make = useMutation({
    mutationFn: () => makeActivationCode(customer.id),
    onSuccess: (made) => storeActivationCode(customer.id, made),
  })
  if (code || customer.has_password || !mayWork) return null
  return (
    <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
      {t('newCode')}
    </Button>
  )
}
