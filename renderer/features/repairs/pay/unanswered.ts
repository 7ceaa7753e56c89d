import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { create } from 'zustand'
import { queryClient } from '../../../query.ts'
import { ticketQuery, type NewPayment, type Ticket } from '../requests.ts'

/** A payment as it was sent: under which key, and which payments its ticket had then. */
export type SentPayment = { payment: NewPayment; key: string; known: readonly number[] }

/** The last payment of each ticket that got no answer, and how often the ticket had been read by then. */
type Unanswered = Pick<SentPayment, 'key' | 'known'> & { reads: number | undefined }
const useUnanswered = create<Record<number, Unanswered>>(() => ({}))

const readsOf = ({ queryKey }: ReturnType<typeof ticketQuery>) => queryClient.getQueryState(queryKey)?.dataUpdateCount

export function noteUnanswered({ id }: Ticket, { key, known }: SentPayment): void {
  const query = ticketQuery(id)
  // What was asked before the payment was sent says nothing of it.
  void queryClient.cancelQueries(query)
  useUnanswered.setState({ [id]: { key, known, reads: readsOf(query) } })
}

export const noteAnswered = ({ id }: Pick<Ticket, 'id'>): void =>
  useUnanswered.setState(({ [id]: _, ...others }) => others, true)

export type LastPayment = {
  /** Nothing else may be taken: what is owed has not been read since. */
  unknown: boolean
  /** What has been paid since then, in cents; null when the last payment was answered. */
  paidSince: number | null
  /** Of a payment that is not saved: the next one is taken under it, so that one which is still on its way cannot come on top. */
  key: string | null
}

/** How often it is asked what is owed, in ms. */
const ASK_EVERY_MS = 3_000

/**
 * What became of the payment before this one, where its answer was lost and its dialog was closed: the server is asked what
 * is owed before anything else is taken.
 */
export function useLastPayment(ticket: Ticket): LastPayment {
  const { id } = ticket
  const query = ticketQuery(id)
  const last = useUnanswered((all) => all[id])
  const isUnread = () => last !== undefined && readsOf(query) === last.reads
  useQuery({
    ...query,
    refetchOnMount: last ? 'always' : false,
    refetchInterval: () => (isUnread() ? ASK_EVERY_MS : false),
    notifyOnChangeProps: ['isFetching'],
  })
  const isRead = last !== undefined && !isUnread()
  // What was said in this dialog is not said again in the next one.
  useEffect(() => {
    if (!isRead) return
    return () => {
      if (useUnanswered.getState()[id] === last) noteAnswered({ id })
    }
  }, [isRead, last, id])
  const since = isRead ? ticket.payments.filter((payment) => !last.known.includes(payment.id)) : []
  return {
    unknown: last !== undefined && !isRead,
    paidSince: isRead ? since.reduce((sum, { amount_cents }) => sum + amount_cents, 0) : null,
    key: isRead && since.length === 0 ? last.key : null,
  }
}
