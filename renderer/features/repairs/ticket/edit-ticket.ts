import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { isRefusedAs } from '../../../api.ts'
import { queryClient } from '../../../query.ts'
import { refreshRepairs } from '../change-status.ts'
import { changeTicket, ticketQuery, type Changes, type Ticket } from '../requests.ts'

/** What of a ticket two people may be editing at once. */
type Editable = Pick<Ticket, 'cost_cents' | 'discount_cents' | 'note' | 'promised_at'>

/**
 * Changes a ticket from what stood there when its editor was opened. What somebody else has put there since refuses the
 * change: it is `newer` from then on, for the editor to show, and saving again puts the typed in its place.
 */
export function useEditTicket(ticket: Ticket, fields: readonly (keyof Editable)[], onDone: () => void) {
  const of = (seen: Editable) => Object.fromEntries(fields.map((field) => [field, seen[field]]))
  const [from, setFrom] = useState(() => of(ticket))
  const [newer, setNewer] = useState<Editable | null>(null)
  const change = useMutation({
    mutationFn: (changes: Changes) => changeTicket(ticket.id, { ...changes, from }),
    onSuccess: () => {
      refreshRepairs()
      onDone()
    },
    onError: (error) => (isRefusedAs(error, 'changed-meanwhile') ? lookAgain() : setNewer(null)),
  })
  /** Without an answer the refusal itself is shown; it comes again until the newer is known. */
  async function lookAgain() {
    setNewer(null)
    const now = await queryClient.fetchQuery({ ...ticketQuery(ticket.id), staleTime: 0 }).catch(() => null)
    if (!now) return
    setFrom(of(now))
    setNewer(now)
  }
  return {
    save: (changes: Changes) => !change.isPending && change.mutate(changes),
    busy: change.isPending,
    /** Why the last change was refused, unless it was for something newer that is known by now. */
    error: newer ? null : change.error,
    newer,
  }
}
