import { Alert, Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Unreachable } from '../../../api.ts'
import { isUnread, type Amount } from '../../../ui/fields/amount.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { type Tender, TENDERS } from '../../../../server/domain/tenders.ts'
import { likelyNotes } from '../../../payment/cash.ts'
import { refreshRepairs } from '../change-status.ts'
import { PaidNow } from './paid-now.tsx'
import classes from './pay.module.css'
import { pay, type Ticket } from '../requests.ts'

type Props = { ticket: Ticket; opened: boolean; onClose: () => void }

/** Takes money for a ticket: all of it or a part, in cash with change, by an external card terminal, or otherwise. */
export function Pay({ ticket, opened, onClose }: Props) {
  const { t } = useTranslation('repairs')
  // The keys of the ticket rest from the first moment on: an amount typed blindly must not set a status.
  useShortcuts([], { dialog: opened })
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      size="lg"
      title={t('pay.of', { number: ticket.ticket_number, name: ticket.customer.full_name })}
    >
      {opened && <Payment ticket={ticket} onClose={onClose} />}
    </Dialog>
  )
}

function Payment({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const form = usePayment(ticket)
  return form.paid ? (
    <PaidNow paid={form.paid} onClose={onClose} />
  ) : (
    <form onSubmit={form.submit} className={classes.pay} noValidate>
      <AmountToPay {...form} />
      <Tenders {...form} />
      {form.tender === 'Cash' ? <Cash {...form} /> : <Reference {...form} />}
      {form.stale ? <Stale due={ticket.due_cents} onRenew={form.renew} /> : <Confirm {...form} />}
    </form>
  )
}

type Form = ReturnType<typeof usePayment>

function usePayment(ticket: Ticket) {
  const explain = useExplain()
  const { t } = useTranslation('repairs')
  // What was owed when the dialog opened: a payment whose answer was lost is sent again as it was.
  const [due, setDue] = useState(ticket.due_cents)
  const [amount, setAmount] = useState<Amount>(due)
  const [tender, setTender] = useState<Tender>('Cash')
  const [received, setReceived] = useState<Amount>(null)
  const [reference, setReference] = useState('')
  const sending = useMutation({
    mutationFn: (payment: Parameters<typeof pay>[1]) => pay(ticket.id, payment),
    onSuccess: refreshRepairs,
  })
  const refused = useFieldErrors()(sending.error)
  const owes = isUnread(amount) ? 0 : (amount ?? 0)
  // Nothing typed means that the customer gave it exactly; what cannot be read means nothing yet.
  const tendered = isUnread(received) ? null : (received ?? owes)
  const missing = tendered === null ? 0 : Math.max(0, owes - tendered)
  const covered = tender !== 'Cash' || (tendered !== null && missing === 0)
  // Somebody else has taken money or changed the price; what was sent and not answered is asked again as it was.
  const stale = ticket.due_cents !== due && sending.isIdle
  const renew = () => {
    setDue(ticket.due_cents)
    setAmount(ticket.due_cents)
  }
  const untouched = amount === due && received === null
  useEffect(() => {
    if (stale && untouched) renew()
  })
  const ready = !stale && owes > 0 && owes <= due && covered && !sending.isPending && !sending.isSuccess

  /** The same payment sent again, after no answer came, is one payment: `api.ts` keeps its key. */
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (!ready) return
    const cash = tender === 'Cash' && tendered !== null && { tendered_cents: tendered }
    const named = tender !== 'Cash' && reference.trim() !== '' && { reference: reference.trim() }
    sending.mutate({ amount_cents: owes, method: tender, ...cash, ...named })
  }
  const error = sending.error
  const failure =
    error === null
      ? null
      : error instanceof Unreachable
        ? t('pay.unknown')
        : Object.keys(refused).length
          ? null
          : explain(error)
  return {
    due,
    amount,
    setAmount,
    owes,
    tender,
    setTender,
    received,
    tendered,
    setReceived,
    reference,
    setReference,
    missing,
    stale,
    renew,
    ready,
    submit,
    busy: sending.isPending,
    paid: sending.data ?? null,
    refused,
    failure,
  }
}

function Stale({ due, onRenew }: { due: number; onRenew: () => void }) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  return (
    <Alert color="red" role="alert" title={t('pay.changed', { amount: format.cents(due) })}>
      <Button variant="default" onClick={onRenew}>
        {t('pay.renew')}
      </Button>
    </Alert>
  )
}

/** The largest thing on the screen; a part is typed over it. */
function AmountToPay({ due, amount, setAmount, owes, refused }: Form) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  const tooMuch = owes > due ? t('pay.tooMuch', { amount: format.cents(due) }) : undefined
  return (
    <MoneyField
      className={classes.amount}
      label={t('pay.toPay')}
      cents={amount}
      onCents={setAmount}
      onFocus={({ currentTarget }) => currentTarget.select()}
      error={tooMuch ?? refused['amount_cents']}
      description={owes > 0 && owes < due ? t('pay.rest', { amount: format.cents(due - owes) }) : t('pay.partHint')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    />
  )
}

function Tenders({ tender, setTender }: Form) {
  const { t } = useTranslation('repairs')
  const next = () => setTender(TENDERS[(TENDERS.indexOf(tender) + 1) % TENDERS.length] ?? 'Cash')
  useShortcuts([{ keys: 'F9', label: t('pay.nextTender'), run: next }], { dialog: true })
  return (
    <div role="group" aria-labelledby="pay-how" className={classes.tenders}>
      <span id="pay-how" className={classes.groupName}>
        {t('pay.how')} <Key of="F9" />
      </span>
      {TENDERS.map((one) => (
        <button
          key={one}
          type="button"
          className={classes.tender}
          aria-pressed={tender === one}
          onClick={() => setTender(one)}
        >
          {t(`pay.tender.${one}`)}
        </button>
      ))}
    </div>
  )
}

function Cash({ owes, received, tendered, setReceived, missing, refused }: Form) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  const [exact, ...notes] = likelyNotes(owes)
  return (
    <>
      <div className={classes.notes} role="group" aria-label={t('pay.notes')}>
        {exact !== undefined && (
          <button
            type="button"
            className={classes.tender}
            aria-pressed={received === exact}
            onClick={() => setReceived(exact)}
          >
            {t('pay.exact')}
          </button>
        )}
        {notes.map((sum) => (
          <button
            key={sum}
            type="button"
            className={`${classes.tender} figures`}
            aria-pressed={received === sum}
            onClick={() => setReceived(sum)}
          >
            {format.cents(sum)}
          </button>
        ))}
      </div>
      <div className={classes.received}>
        <MoneyField
          label={t('pay.received')}
          data-autofocus
          autoFocus
          cents={received}
          onCents={setReceived}
          error={missing > 0 ? t('pay.short', { amount: format.cents(missing) }) : refused['tendered_cents']}
        />
        <div className={classes.change} aria-live="polite">
          <span>{t('pay.change')}</span>
          <strong className="figures">{tendered === null ? '–' : format.cents(Math.max(0, tendered - owes))}</strong>
        </div>
      </div>
    </>
  )
}

function Reference({ tender, reference, setReference, owes, refused }: Form) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  return (
    <TextInput
      label={t(tender === 'Card' ? 'pay.reference' : 'pay.otherReference')}
      description={tender === 'Card' ? t('pay.referenceHint', { amount: format.cents(owes) }) : undefined}
      autoFocus
      autoComplete="off"
      value={reference}
      maxLength={100}
      onChange={({ currentTarget }) => setReference(currentTarget.value)}
      error={refused['reference']}
    />
  )
}

function Confirm({ owes, tender, ready, busy, failure }: Form) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  return (
    <>
      {failure && (
        <p role="alert" className={classes.failure}>
          {failure}
        </p>
      )}
      <Button
        type="submit"
        size="lg"
        fullWidth
        disabled={!ready && !busy}
        loading={busy}
        rightSection={<Key of="Enter" />}
      >
        {t(`pay.take.${tender}`, { amount: format.cents(owes) })}
      </Button>
    </>
  )
}
