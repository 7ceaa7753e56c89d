import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Unreachable } from '../../../api.ts'
import { isImplausibleSum } from '../../../payment/cash.ts'
import type { Tender } from '../../../../server/domain/tenders.ts'
import { isUnread, type Amount } from '../../../ui/fields/amount.ts'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { refreshRepairs } from '../change-status.ts'
import { takePayment, type Ticket } from '../requests.ts'

export type Payment = ReturnType<typeof usePayment>

/** One payment that is being taken: what is owed, how it is paid, and what has become of it. */
export function usePayment(ticket: Ticket) {
  const sending = useMutation({
    mutationFn: (payment: Parameters<typeof takePayment>[1]) => takePayment(ticket.id, payment),
    onSuccess: refreshRepairs,
  })
  const refused = useFieldErrors()(sending.error)
  const failure = useFailure(sending.error, refused)
  const [received, setReceived] = useState<Amount>(null)
  const sum = useAmount(ticket, { idle: sending.isIdle, untouched: received === null })
  const [tender, setTender] = useState<Tender>('Cash')
  const [reference, setReference] = useState('')
  const given = useTendered(sum.toPay, received)
  const isCash = tender === 'Cash'
  const covered = !isCash || given.missing === 0
  const ready = sum.fits && covered && !sending.isPending && !sending.isSuccess

  /** The same payment sent again, after no answer came, is one payment: `api.ts` keeps its key. */
  const send = () => {
    if (!ready) return
    const cash = isCash && given.tendered !== null && { tendered_cents: given.tendered }
    const named = !isCash && reference.trim() !== '' && { reference: reference.trim() }
    sending.mutate({ amount_cents: sum.toPay, method: tender, ...cash, ...named })
  }
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (ready && isCash && given.isImplausibleSum) given.askToConfirm()
    else send()
  }
  /** The customer has given that much indeed. */
  const confirmTendered = () => {
    given.confirmSum()
    send()
  }
  return {
    ...sum,
    ...given,
    received,
    setReceived,
    tender,
    setTender,
    reference,
    setReference,
    needsConfirmation: isCash && given.needsConfirmation,
    ready,
    submit,
    confirmTendered,
    busy: sending.isPending,
    paid: sending.data ?? null,
    refused,
    failure,
  }
}

/** What is to be paid, all of it or a part. `idle`: nothing was sent yet; `untouched`: nothing else was typed. */
function useAmount(ticket: Ticket, { idle, untouched }: { idle: boolean; untouched: boolean }) {
  // What was owed when the dialog opened: a payment whose answer was lost is sent again as it was.
  const [due, setDue] = useState(ticket.due_cents)
  const [amount, setAmount] = useState<Amount>(due)
  const toPay = isUnread(amount) ? 0 : (amount ?? 0)
  // Somebody else has taken money or changed the price; what was sent and not answered is asked again as it was.
  const stale = ticket.due_cents !== due && idle
  const reload = () => {
    setDue(ticket.due_cents)
    setAmount(ticket.due_cents)
  }
  useEffect(() => {
    if (stale && untouched && amount === due) reload()
  })
  return { due, amount, setAmount, toPay, stale, reload, fits: !stale && toPay > 0 && toPay <= due }
}

/** The cash that the customer has given. An implausible sum has to be confirmed first. */
function useTendered(toPay: number, received: Amount) {
  const [sumInQuestion, setSumInQuestion] = useState<number | null>(null)
  // Nothing typed means that the customer gave it exactly; what cannot be read means nothing yet.
  const tendered = isUnread(received) ? null : (received ?? toPay)
  return {
    tendered,
    missing: tendered === null ? toPay : Math.max(0, toPay - tendered),
    isImplausibleSum: tendered !== null && isImplausibleSum(tendered, toPay),
    needsConfirmation: sumInQuestion !== null && sumInQuestion === tendered,
    askToConfirm: () => setSumInQuestion(tendered),
    confirmSum: () => setSumInQuestion(null),
  }
}

/** Why the payment was not taken, unless a field shows it. */
function useFailure(error: Error | null, refused: Record<string, string>): string | null {
  const { t } = useTranslation('pay')
  const explain = useExplain()
  if (error === null) return null
  if (error instanceof Unreachable) return t('unknown')
  return Object.keys(refused).length > 0 ? null : explain(error)
}
