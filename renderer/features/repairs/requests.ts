import type { ActivationCode } from '../../../server/counter/customers/customers.contract.ts'
import type { NewIntake, TakenIn } from '../../../server/counter/repairs/intake.contract.ts'
import type {
  Board,
  BulkStatus,
  Changed,
  RepairCount,
  RepairCountQuery,
  RepairCounts,
  RepairPage,
  RepairQuery,
  RepairRow as RepairRowSchema,
} from '../../../server/counter/repairs/repairs.contract.ts'
import type {
  AssignTechnician,
  NewMessage,
  NewTicketPayment,
  Passcode,
  PaymentCorrection,
  Ticket as TicketSchema,
  TicketChange,
  TicketPaid,
} from '../../../server/counter/repairs/tickets.contract.ts'
import { del, get, patch, post, type Wire } from '../../api.ts'

/** Everything that the repair screens ask of the server, by its name there. */

export type RepairRow = Wire<typeof RepairRowSchema>
export type Ticket = Wire<typeof TicketSchema>
/** Whether the device of a repair is the shop's own. */
export const isBought = ({ trade_in }: Pick<Ticket, 'trade_in'>) => (trade_in?.purchase_number ?? null) !== null
export type TicketPayment = Ticket['payments'][number]
export type TicketReceipt = Ticket['receipts'][number]
export type TimelineEntry = Ticket['timeline'][number]
export type Changes = Wire<typeof TicketChange>
export type NewPayment = Wire<typeof NewTicketPayment>
export type Paid = Wire<typeof TicketPaid>
export type IntakeBody = Wire<typeof NewIntake>
export type RepairFilter = Wire<typeof RepairCountQuery>

export const PAGE_SIZE = 100

/** Under one `key` a device is taken in once. */
export const takeIn = (intake: IntakeBody, key: string) =>
  post<typeof TakenIn, typeof NewIntake>('/counter/intakes', intake, { key })

type Place = Pick<Wire<typeof RepairQuery>, 'after' | 'until' | 'sort' | 'descending'>
export const fetchRepairs = (filter: RepairFilter, place: Place) =>
  get<typeof RepairPage>('/counter/repairs', { query: { ...filter, ...place, limit: PAGE_SIZE } })
export const countRepairs = (filter: RepairFilter) =>
  get<typeof RepairCount>('/counter/repairs/count', { query: filter })
export const repairCountsQuery = (of: { technician_id?: number | undefined; store_id?: number | undefined }) => ({
  queryKey: ['repairs', 'counts', of],
  queryFn: () => get<typeof RepairCounts>('/counter/repairs/counts', { query: of }),
})
export const fetchBoard = (technician_id?: number) => get<typeof Board>('/counter/board', { query: { technician_id } })
export const setStatuses = (change: Wire<typeof BulkStatus>) =>
  post<typeof Changed, typeof BulkStatus>('/counter/repairs/status', change)

const fetchTicket = (id: number) => get<typeof TicketSchema>(`/counter/tickets/${id}`)
export const ticketQuery = (id: number) => ({ queryKey: ['tickets', id], queryFn: () => fetchTicket(id) })
export const changeTicket = (id: number, changes: Changes) =>
  patch<typeof TicketSchema, typeof TicketChange>(`/counter/tickets/${id}`, changes)
export const sendMessage = (id: number, text: string, key: string) =>
  post<typeof TicketSchema, typeof NewMessage>(`/counter/tickets/${id}/messages`, { text }, { key })
export const assign = (id: number, user_id: number) =>
  post<typeof TicketSchema, typeof AssignTechnician>(`/counter/tickets/${id}/technicians`, { user_id })
export const unassign = (id: number, user_id: number) => del(`/counter/tickets/${id}/technicians/${user_id}`)
/** Under one `key` a payment is taken once. */
export const takePayment = (id: number, payment: NewPayment, key: string) =>
  post<typeof TicketPaid, typeof NewTicketPayment>(`/counter/tickets/${id}/payments`, payment, { key })
export const correctPayment = (id: number, payment_id: number, correction: Wire<typeof PaymentCorrection>) =>
  patch<typeof TicketSchema, typeof PaymentCorrection>(`/counter/tickets/${id}/payments/${payment_id}`, correction)
/** Where a photo of a ticket is. */
export const photoPath = (id: number, photo_id: number, size: 'full' | 'thumbnail' = 'full') =>
  `/counter/tickets/${id}/photos/${photo_id}?size=${size}`
export const removePhoto = (id: number, photo_id: number) => del(`/counter/tickets/${id}/photos/${photo_id}`)
/** Is written into the ticket's timeline. */
export const showPasscode = (id: number) =>
  post<typeof Passcode>(`/counter/tickets/${id}/passcode`, undefined, { keyed: false })
/** Replaces earlier codes of this customer. */
export const makeActivationCode = (customer_id: number) =>
  post<typeof ActivationCode>(`/counter/customers/${customer_id}/claim-code`, undefined, { keyed: false })
