import { IconPencil, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMethodName } from '../../../payment/tenders.ts'
import { useMayWork } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import { Money } from '../../../ui/money.tsx'
import { When } from '../../../ui/when.tsx'
import { toPaper } from '../papers/papers.ts'
import type { Ticket, TicketPayment, TicketReceipt } from '../requests.ts'
import { CorrectPayment } from './correct-payment.tsx'
import classes from './ticket.module.css'
import { joined } from '../../../isolated.ts'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

/** The money that moved on a ticket, each with its receipt, and what is noted as owed. */
export function Payments({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const [correcting, correct] = useState<number | null>(null)
  const { receipts, payments } = ticket
  // A note of what is owed says nothing once it is paid.
  const notes = payments.filter(({ receipt_number }) => receipt_number === null && ticket.due_cents > 0)
  if (receipts.length === 0 && notes.length === 0) return null
  return (
    <ul className={classes.payments} aria-label={t('ticket.payments')}>
      {receipts.map((receipt, index) => {
        const isFirst = receipts.findIndex(({ payment_id }) => payment_id === receipt.payment_id) === index
        const payment = isFirst ? payments.find(({ id }) => id === receipt.payment_id) : undefined
        return (
          <ReceiptRow key={receipt.number ?? index} ticket={ticket} receipt={receipt}>
            {payment && <Correct payment={payment} open={correcting === payment.id} onOpen={correct} />}
            {payment && correcting === payment.id && (
              <CorrectPayment ticket={ticket} payment={payment} onDone={() => correct(null)} />
            )}
          </ReceiptRow>
        )
      })}
      {notes.map(({ id, status, paid_at, due_cents }) => (
        <li key={id}>
          <span className={classes.grow}>{t(`frame:payment.${status}`)}</span>
          <When at={paid_at} />
          <strong>
            <Money cents={due_cents} />
          </strong>
        </li>
      ))}
    </ul>
  )
}

type RowProps = { ticket: Ticket; receipt: TicketReceipt; children: React.ReactNode }

function ReceiptRow({ ticket, receipt: { number, kind, legs, at, amount_cents }, children }: RowProps) {
  const { t } = useTranslation(['repairs', 'papers'])
  const methodName = useMethodName()
  const method = legs.map(({ payment_method }) => methodName(payment_method)).join(' → ')
  const references = legs.flatMap(({ transaction_id }) => transaction_id ?? [])
  return (
    <li>
      <span className={classes.grow}>
        {kind === 'payment' ? method : t(`correction.ofKind.${kind}`, { method })}
        <span className={`${classes.dim} figures`}>
          <WholeCodes>{joined(number, ...references)}</WholeCodes>
        </span>
      </span>
      <When at={at} />
      <strong>
        <Money cents={amount_cents} />
      </strong>
      {number !== null && (
        <Link
          to={toPaper(ticket.id, 'receipt', { receipt: number })}
          className={classes.iconLink}
          aria-label={t('papers:printReceipt', { number })}
        >
          <IconPrinter size={18} aria-hidden />
        </Link>
      )}
      {children}
    </li>
  )
}

type CorrectProps = { payment: TicketPayment; open: boolean; onOpen: (id: number | null) => void }

function Correct({ payment, open, onOpen }: CorrectProps) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  if (!useMayWork()) return null
  return (
    <button
      type="button"
      className={classes.iconLink}
      aria-label={t('correction.open', { amount: format.cents(payment.amount_cents) })}
      aria-expanded={open}
      onClick={() => onOpen(open ? null : payment.id)}
    >
      <IconPencil size={18} aria-hidden />
    </button>
  )
}
