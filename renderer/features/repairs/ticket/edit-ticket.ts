import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { isRefusedAs } from '../../../api.ts'
import { queryClient } from '../../../query.ts'
import { refreshRepairs } from '../change-status.ts'
import { changeTicket, ticketQuery, type Changes, type Ticket } from '../requests.ts'

/** The fields of a ticket that two people may be editing at once. */
type Editable = Pick<Ticket, 'cost_cents' | 'discount_cents' | 'note' | 'promised_at'>

/**
 * Changes a ticket, provided that its fields still have the values they had when the editor was opened (`begun`, where that was
 * before this screen was). Otherwise the server
 * refuses, `newer` holds the other person's values for the editor to show, and saving again overwrites them.
 */
export function useEditTicket(
  ticket: Ticket,
  fields: readonly (keyof Editable)[],
  onDone: () => void,
  begun: Partial<Editable> = ticket,
) {
  const editable = (seen: Partial<Editable>) => Object.fromEntries(fields.map((field) => [field, seen[field]]))
  const [from, setFrom] = useState(() => editable(begun))
  const [newer, setNewer] = useState<Editable | null>(null)
  const change = useMutation({
    mutationFn: (changes: Changes) => changeTicket(ticket.id, { ...changes, from }),
    onSuccess: () => {
      refreshRepairs()
      onDone()
    },
    onError: (error) => (isRefusedAs(error, 'changed-meanwhile') ? refetchTicket() : setNewer(null)),
  })
  /** Without an answer the refusal itself is shown; saving is refused until the newer values are known. */
  async function refetchTicket() {
    setNewer(null)
    const now = await queryClient.fetchQuery({ ...ticketQuery(ticket.id), staleTime: 0 }).catch(() => null)
    if (!now) return
    setFrom(editable(now))
    setNewer(now)
  }
  return {
    save: (changes: Changes) => !change.isPending && change.mutate(changes),
    busy: change.isPending,
    /** Why the last change was refused, unless `newer` explains it. */
    error: newer ? null : change.error,
    newer,
  }
}
