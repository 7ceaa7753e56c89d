import { useQuery, keepPreviousData } from '@tanstack/react-query'
import type { CustomerHit, DeviceHit, SearchReply, TicketHit } from '../../../server/counter/search/search.contract.ts'
import { imeiKind } from '../../../server/domain/imei.ts'
import { looksLikePhone } from '../../../server/domain/phone.ts'
import { get, type Wire } from '../../api.ts'
import { readScan, type Scan } from '../../ui/scanner/scan.ts'
import { toCustomer, toDevice, toIntake, toTicket } from '../../ui/routes.ts'

export type Found = Wire<typeof SearchReply>

/** A row of the one box. Enter goes on to `to`; Ctrl+Enter begins an intake with it, where that makes sense. */
export type Row = { key: string; to: string; takeIn?: string } & (
  | { kind: 'customer'; hit: Wire<typeof CustomerHit> }
  | { kind: 'ticket'; hit: Wire<typeof TicketHit> }
  | { kind: 'device'; hit: Wire<typeof DeviceHit> }
  | { kind: 'new'; query: string }
)

const EACH = 5

export function searchAnything(q: string, signal?: AbortSignal): Promise<Found> {
  return get<typeof SearchReply>('/counter/search', { query: { q, limit: EACH }, ...(signal && { signal }) })
}

export const searchQuery = (q: string) => ({
  queryKey: ['search', q],
  queryFn: ({ signal }: { signal: AbortSignal }) => searchAnything(q, signal),
  staleTime: 3_000,
  retry: false,
})

/** Asks with every key, which takes the server a few ms; what was found last stays until the next is there. */
export function useSearch(q: string) {
  const found = useQuery({
    ...searchQuery(q),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    // Rows that are found again are the same rows, and are not drawn anew.
    select: rowsOf,
    gcTime: 60_000,
  })
  return {
    ...found,
    waiting: q !== '' && found.isFetching,
  }
}

export function rowsOf({ customers, tickets, devices }: Found): Row[] {
  return [
    ...customers.map((hit): Row => customerRow(hit)),
    ...tickets.map((hit): Row => ticketRow(hit)),
    ...devices.map((hit): Row => deviceRow(hit)),
  ]
}

/**
 * Nobody known: whoever was typed can be taken in at once, or the device whose serial number or valid IMEI it is. What was
 * `scanned` is no phone number and no name. A code of ours that nothing answers to says nothing of a newcomer.
 */
export function newcomersOf(query: string, scanned: boolean): Row[] {
  const known = newcomer(readScan(query), scanned)
  return known ? [{ kind: 'new', key: 'new', query: Object.values(known).join(), to: toIntake(known) }] : []
}

function newcomer({ kind, value }: Scan, scanned: boolean): Parameters<typeof toIntake>[0] | null {
  if (kind === 'ticket' || kind === 'device') return null
  if (kind === 'serial' || scanned || imeiKind(value) === 'valid') return { serial: value }
  return value.length >= 3 && looksLikePhone(value) ? { phone: value } : { name: value }
}

const customerRow = (hit: Wire<typeof CustomerHit>): Row => ({
  kind: 'customer',
  key: `customer-${hit.id}`,
  hit,
  to: toCustomer(hit.id),
  takeIn: toIntake({ customer: hit.id }),
})

const ticketRow = (hit: Wire<typeof TicketHit>): Row => ({
  kind: 'ticket',
  key: `ticket-${hit.id}`,
  hit,
  to: toTicket(hit.id),
})

function deviceRow(hit: Wire<typeof DeviceHit>): Row {
  const takeIn = toIntake({ device: hit.id, ...(hit.owner_id !== null && { customer: hit.owner_id }) })
  return {
    kind: 'device',
    key: `device-${hit.id}`,
    hit,
    to: toDevice(hit.id),
    takeIn,
  }
}
