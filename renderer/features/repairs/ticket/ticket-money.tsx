import { Alert, Button } from '@mantine/core'
import { IconPencil, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMayWork } from '../../../session.ts'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { isUnread, type Amount } from '../../../ui/fields/amount.ts'
import { Money } from '../../../ui/money.tsx'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { When } from '../../../ui/when.tsx'
import { CorrectPayment } from './correct-payment.tsx'
import { useEditTicket } from './edit-ticket.ts'
import { toPaper } from '../papers/papers.ts'
import { PriceField } from '../price-field.tsx'
import type { Ticket } from '../requests.ts'
import { Section } from './section.tsx'
import { useMethodName } from '../../../payment/tenders.ts'
import classes from './ticket.module.css'

/** Price, discount, what was paid and what is still owed. */
export function TicketMoney({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const [editing, setEditing] = useState(false)
  const mayWork = useMayWork()
  const format = useFormat()
  return (
    <Section
      title={t('ticket.price')}
      action={
        mayWork &&
        !editing && (
          <Button variant="subtle" size="compact-sm" onClick={() => setEditing(true)}>
            {t('frame:action.edit')}
          </Button>
        )
      }
    >
      {editing ? (
        <PriceForm ticket={ticket} onDone={() => setEditing(false)} />
      ) : (
        <dl className={classes.sums}>
          <SumLine label={t('ticket.price')} cents={ticket.cost_cents} />
          {ticket.discount_cents > 0 && <SumLine label={t('ticket.discount')} cents={-ticket.discount_cents} />}
          {ticket.paid_cents !== 0 && <SumLine label={t('ticket.paid')} cents={-ticket.paid_cents} />}
          <SumLine label={t('ticket.due')} cents={ticket.due_cents} total />
        </dl>
      )}
      {ticket.status === 'Cancelled' && ticket.paid_cents > 0 && (
        <Alert color="yellow" role="status" py={8}>
          {t('correction.cancelled', { amount: format.cents(ticket.paid_cents) })}
        </Alert>
      )}
      <Payments ticket={ticket} />
    </Section>
  )
}

function SumLine({ label, cents, total = false }: { label: string; cents: number; total?: boolean }) {
  return (
    <div className={classes.sum} data-total={total || undefined}>
      <dt>{label}</dt>
      <dd>
        <Money cents={cents} />
      </dd>
    </div>
  )
}

function PriceForm({ ticket, onDone }: { ticket: Ticket; onDone: () => void }) {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const [cost, setCost] = useState<Amount>(ticket.cost_cents === 0 ? null : ticket.cost_cents)
  const [discount, setDiscount] = useState<Amount>(ticket.discount_cents === 0 ? null : ticket.discount_cents)
  const change = useEditTicket(ticket, ['cost_cents', 'discount_cents'], onDone)
  const refused = useFieldErrors()(change.error)
  const newer = useNewerPrice(change.newer)
  const price = isUnread(cost) || isUnread(discount) ? null : { cost_cents: cost ?? 0, discount_cents: discount ?? 0 }
  const tooMuch = price !== null && price.discount_cents > price.cost_cents
  const ready = price !== null && !tooMuch
  const save = () => ready && change.save(price)
  useShortcuts([
    { keys: 'mod+Enter', label: t('frame:action.save'), run: save },
    { keys: 'Escape', label: t('frame:action.cancel'), run: onDone },
  ])
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <PriceField
        label={t('ticket.price')}
        cents={cost}
        onCents={setCost}
        autoFocus
        error={
          newer ??
          refused['cost_cents'] ??
          (change.error && !Object.keys(refused).length ? explain(change.error) : undefined)
        }
      />
      <PriceField
        label={t('ticket.discount')}
        cents={discount}
        onCents={setDiscount}
        error={refused['discount_cents'] ?? (tooMuch ? t('ticket.discountTooHigh') : undefined)}
      />
      <SaveOrCancel keys busy={change.busy} disabled={!ready} onCancel={onDone} />
    </form>
  )
}

/** The price as somebody else has changed it: `£120.00 − £10.00`. */
function useNewerPrice(newer: Pick<Ticket, 'cost_cents' | 'discount_cents'> | null): string | undefined {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  if (!newer) return undefined
  const parts = [newer.cost_cents, ...(newer.discount_cents > 0 ? [newer.discount_cents] : [])]
  return t('ticket.changedMeanwhile', { value: parts.map((cents) => format.cents(cents)).join(' − ') })
}

function Payments({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation(['repairs', 'papers', 'frame'])
  const methodName = useMethodName()
  const mayWork = useMayWork()
  const format = useFormat()
  const [correcting, correct] = useState<number | null>(null)
  // A note of what is owed says nothing once it is paid.
  const shown = ticket.payments.filter(({ receipt_number }) => receipt_number !== null || ticket.due_cents > 0)
  if (shown.length === 0) return null
  return (
    <ul className={classes.payments} aria-label={t('ticket.payments')}>
      {shown.map((payment) => (
        <li key={payment.id}>
          <span className={classes.grow}>
            {payment.receipt_number === null
              ? t(`frame:payment.${payment.status}`)
              : methodName(payment.payment_method)}
            <span className={`${classes.dim} figures`}>
              {[payment.receipt_number, payment.transaction_id].filter(Boolean).join(' · ')}
            </span>
          </span>
          <When at={payment.paid_at} />
          <strong>
            <Money cents={payment.receipt_number === null ? payment.due_cents : payment.amount_cents} />
          </strong>
          {payment.receipt_number !== null && (
            <Link
              to={toPaper(ticket.id, 'receipt', { payment: payment.id })}
              className={classes.iconLink}
              aria-label={t('papers:printReceipt', { number: payment.receipt_number })}
            >
              <IconPrinter size={18} aria-hidden />
            </Link>
          )}
          {mayWork && payment.receipt_number !== null && (
            <button
              type="button"
              className={classes.iconLink}
              aria-label={t('correction.open', { amount: format.cents(payment.amount_cents) })}
              aria-expanded={correcting === payment.id}
              onClick={() => correct(correcting === payment.id ? null : payment.id)}
            >
              <IconPencil size={18} aria-hidden />
            </button>
          )}
          {correcting === payment.id && (
            <CorrectPayment ticket={ticket} payment={payment} onDone={() => correct(null)} />
          )}
        </li>
      ))}
    </ul>
  )
}
