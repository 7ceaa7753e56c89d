import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { queryClient } from '../../../query.ts'
import { ticketQuery, type Ticket } from '../requests.ts'

/** The last payment of each ticket that got no answer: how often the ticket had been read by then, and what was owed. */
const unanswered = new Map<number, { reads: number | undefined; due_cents: number }>()

const readsOf = ({ queryKey }: ReturnType<typeof ticketQuery>) => queryClient.getQueryState(queryKey)?.dataUpdateCount

export function noteUnanswered({ id, due_cents }: Ticket): void {
  const query = ticketQuery(id)
  // What was asked before the payment was sent says nothing of it.
  void queryClient.cancelQueries(query)
  unanswered.set(id, { reads: readsOf(query), due_cents })
}

export const noteAnswered = ({ id }: Ticket) => void unanswered.delete(id)

export type LastPayment = {
  /** Nothing else may be taken: what is owed has not been read since. */
  unknown: boolean
  /** What has been paid since then, in cents; null when the last payment was answered. */
  paidSince: number | null
}

/**
 * What became of the payment before this one, where its answer was lost and its dialog, which holds its key, was closed:
 * the server is asked what is owed before anything else is taken. It is said in one dialog.
 */
export function useLastPayment(ticket: Ticket): LastPayment {
  const query = ticketQuery(ticket.id)
  const { refetch } = useQuery({ ...query, notifyOnChangeProps: ['isFetching'] })
  const [last] = useState(() => unanswered.get(ticket.id))
  const isRead = last !== undefined && readsOf(query) !== last.reads
  // While the server is away this fails; when it answers again, everything on the screen is asked anew.
  useEffect(() => void (last && refetch()), [last, refetch])
  useEffect(() => {
    if (!isRead) return
    return () => {
      if (unanswered.get(ticket.id) === last) unanswered.delete(ticket.id)
    }
  }, [isRead, last, ticket.id])
  return {
    unknown: last !== undefined && !isRead,
    paidSince: isRead ? Math.max(0, last.due_cents - ticket.due_cents) : null,
  }
}
