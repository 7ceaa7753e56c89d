import { useQuery, keepPreviousData } from '@tanstack/react-query'
import type {
  CustomerHit,
  DeviceHit,
  PurchaseHit,
  RequestHit,
  SearchReply,
  TicketHit,
  WebOrderHit,
} from '../../../server/counter/search/search.contract.ts'
import { imeiKind } from '../../../server/domain/imei.ts'
import { looksLikePhone } from '../../../server/domain/text/looks-like-phone.ts'
import { get, type Wire } from '../../api.ts'
import { isDocument, readScan, type Scan } from '../../ui/scanner/scan.ts'
import { toBought, toCustomer, toDevice, toIntake, toTicket, toTradeIn, toWebOrder } from '../../ui/routes.ts'

export type SearchAnswer = Wire<typeof SearchReply>

/** A row of the search. Enter opens `to`; Ctrl+Enter starts an intake with it, where that makes sense. */
export type Row = { key: string; to: string; takeIn?: string } & (
  | { kind: 'customer'; hit: Wire<typeof CustomerHit> }
  | { kind: 'ticket'; hit: Wire<typeof TicketHit> }
  | { kind: 'device'; hit: Wire<typeof DeviceHit> }
  | { kind: 'web-order'; hit: Wire<typeof WebOrderHit> }
  | { kind: 'request'; hit: Wire<typeof RequestHit> }
  | { kind: 'purchase'; hit: Wire<typeof PurchaseHit> }
  | { kind: 'new'; query: string }
)

const MAX_HITS_PER_KIND = 5

export function searchAnything(q: string, signal?: AbortSignal): Promise<SearchAnswer> {
  return get<typeof SearchReply>('/counter/search', {
    query: { q, limit: MAX_HITS_PER_KIND },
    ...(signal && { signal }),
  })
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
    // Rows that are found again are the same objects, and are not rendered again.
    select: rowsOf,
    gcTime: 60_000,
  })
  return {
    ...found,
    waiting: q !== '' && found.isFetching,
  }
}

export function rowsOf({ customers, tickets, devices, web_orders, requests, purchases }: SearchAnswer): Row[] {
  return [
    ...customers.map((hit): Row => customerRow(hit)),
    ...tickets.map((hit): Row => ticketRow(hit)),
    ...devices.map((hit): Row => deviceRow(hit)),
    ...web_orders.map((hit): Row => ({ kind: 'web-order', key: `web-order-${hit.id}`, hit, to: toWebOrder(hit.id) })),
    ...requests.map((hit): Row => ({ kind: 'request', key: `request-${hit.id}`, hit, to: toTradeIn(hit.id) })),
    ...purchases.map((hit): Row => ({ kind: 'purchase', key: `purchase-${hit.id}`, hit, to: toBought(hit.id) })),
  ]
}

/**
 * When nothing is found: a row that starts an intake with the typed name or phone number, or with a serial number or valid
 * IMEI. What was `scanned` is no phone number and no name. An unknown code of a document or device starts no intake.
 */
export function newIntakeRows(query: string, scanned: boolean): Row[] {
  const known = newIntake(readScan(query), scanned)
  return known ? [{ kind: 'new', key: 'new', query: Object.values(known).join(), to: toIntake(known) }] : []
}

function newIntake(scan: Scan, scanned: boolean): Parameters<typeof toIntake>[0] | null {
  const { kind, value } = scan
  if (isDocument(scan) || kind === 'device') return null
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
