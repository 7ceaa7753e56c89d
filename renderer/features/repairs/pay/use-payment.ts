import { useIsMutating, useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { isDoneAlready, isUnknown } from '../../../api.ts'
import { randomKey } from '../../../intents.ts'
import { usePaymentFailure, useTendered, useTenderFields } from '../../../payment/use-tender.ts'
import { isUnread, type Amount } from '../../../ui/fields/amount.ts'
import { useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { queryClient } from '../../../query.ts'
import { refreshRepairs } from '../change-status.ts'
import { takePayment, ticketQuery, type Ticket } from '../requests.ts'
import { noteAnswered, noteUnanswered, type SentPayment, useLastPayment } from './unanswered.ts'

export type Payment = ReturnType<typeof usePayment>

const mutationKey = (ticket: Ticket) => ['take-payment', ticket.id]

/** Whether a payment for this ticket is under way: its change and receipt are to be seen. */
export const useIsPaying = (ticket: Ticket) => useIsMutating({ mutationKey: mutationKey(ticket) }) > 0

/** Sends one payment. Its key stays, whatever is changed in it, until it is known what became of it. */
function useSending(ticket: Ticket) {
  const [key, setKey] = useState(randomKey)
  const sending = useMutation({
    mutationKey: mutationKey(ticket),
    mutationFn: ({ payment, key }: SentPayment) => takePayment(ticket.id, payment, key),
    onSuccess: () => {
      noteAnswered(ticket)
      refreshRepairs()
    },
    onError: async (error, sent) => {
      if (isUnknown(error)) noteUnanswered(ticket, sent)
      else noteAnswered(ticket)
      // What is owed now is there before the page says that the payment is saved.
      if (isDoneAlready(error)) await queryClient.refetchQueries({ queryKey: ticketQuery(ticket.id).queryKey })
    },
  })
  const restart = () => {
    sending.reset()
    setKey(randomKey())
  }
  const [unknown, savedAlready] = [isUnknown(sending.error), isDoneAlready(sending.error)]
  return { ...sending, key, restart, unknown, savedAlready }
}

/** One payment that is being taken: what is owed, how it is paid, and what has become of it. */
export function usePayment(ticket: Ticket) {
  const sending = useSending(ticket)
  const refused = useFieldErrors()(sending.error)
  const failure = usePaymentFailure(sending.error, refused)
  const last = useLastPayment(ticket)
  const isPayingElsewhere = useIsPaying(ticket)
  // One that was sent from here is asked about under its key; another one's end has to be known first.
  const mustWait = sending.isIdle && (last.unknown || isPayingElsewhere)
  const fields = useTenderFields()
  const sum = useAmount(ticket, {
    idle: sending.isIdle,
    settled: !sending.isPending && !sending.isSuccess && !sending.unknown,
    untouched: fields.received === null,
  })
  const given = useTendered(sum.toPay, fields)
  const settled = !sending.isPending && !sending.isSuccess && !sending.savedAlready
  const ready = sum.fits && given.isCovered && settled && !mustWait

  const send = () => {
    if (!ready) return
    const payment = { amount_cents: sum.toPay, ...given.paidBy }
    // Sent again, it is the same payment, whatever has been read since.
    const { key = last.key ?? sending.key, known = ticket.payments.map(({ id }) => id) } = sending.variables ?? {}
    sending.mutate({ payment, key, known })
  }
  const restart = () => {
    sending.restart()
    sum.reload()
    fields.setReceived(null)
    fields.setReference('')
  }
  return {
    ...sum,
    ...given,
    ...fields,
    ready,
    submit: given.submitTo(send, ready),
    confirmTendered: given.confirmTo(send),
    restart,
    savedAlready: sending.savedAlready,
    mustWait,
    paidSince: sending.isIdle ? last.paidSince : null,
    busy: sending.isPending,
    idle: sending.isIdle,
    paid: sending.data ?? null,
    refused,
    failure,
  }
}

type Sent = { idle: boolean; settled: boolean; untouched: boolean }

/**
 * What is to be paid, all of it or a part. `idle`: nothing was sent yet; `settled`: nothing is under way, and of what was
 * sent it is known that it was not saved; `untouched`: nothing else was typed.
 */
function useAmount(ticket: Ticket, { idle, settled, untouched }: Sent) {
  // What was owed when the dialog opened: a payment whose answer was lost is sent again as it was.
  const [due, setDue] = useState(ticket.due_cents)
  const [amount, setAmount] = useState<Amount>(due)
  const toPay = isUnread(amount) ? 0 : (amount ?? 0)
  // Somebody else has taken money or changed the price; what was sent and not answered is asked again as it was.
  const stale = ticket.due_cents !== due && settled
  const reload = () => {
    setDue(ticket.due_cents)
    setAmount(ticket.due_cents)
  }
  useEffect(() => {
    if (idle && stale && untouched && amount === due) reload()
  })
  return { due, amount, setAmount, toPay, stale, reload, fits: !stale && toPay > 0 && toPay <= due }
}
