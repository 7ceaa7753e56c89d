import { expect, test } from 'vitest'
import { rowsMeant } from '../../renderer/frame/search/meant.ts'
import { rowsOf, type SearchAnswer } from '../../renderer/frame/search/search.ts'
import { readScan } from '../../renderer/ui/scanner/scan.ts'

type Ticket = SearchAnswer['tickets'][number]
const PENDING = { status: 'Pending', ready: false } as const
const READY = { status: 'Completed', ready: true } as const
const HANDED_OVER = { status: 'Completed', ready: false } as const

const ticket = (id: number, state: Pick<Ticket, 'status' | 'ready'>): Ticket => ({
  id,
  ticket_number: `S1-T1-00000${id}`,
  device_title: 'Apple iPhone 13',
  customer_name: 'Anna Apple',
  note: null,
  promised_at: null,
  overdue: false,
  receipt_number: null,
  ...state,
})
const DEVICE = {
  id: 7,
  title: 'Apple iPhone 13',
  serial_number: '490154203237518',
  owner_id: 1,
  owner_name: 'Anna Apple',
  hold_until: null,
}
const ANNA = { id: 1, full_name: 'Anna Apple', phone: '0170 7518', unconfirmed: false, open_tickets: 0 }

function meant(typed: string, found: Partial<SearchAnswer>): string[] {
  const nothing = { customers: [], tickets: [], devices: [], web_orders: [], requests: [], purchases: [] }
  return rowsMeant(rowsOf({ ...nothing, ...found }), readScan(typed)).map(({ key }) => key)
}

test('the last digits mean the repair whose device is in the shop, ready ones too, and no one that was handed over', () => {
  const devices = [DEVICE]
  expect(meant('7518', { tickets: [ticket(1, HANDED_OVER), ticket(2, READY)], devices })).toEqual(['ticket-2'])
  expect(meant('7518', { tickets: [ticket(1, HANDED_OVER), ticket(2, PENDING)], devices })).toEqual(['ticket-2'])
  expect(meant('7518', { customers: [ANNA], tickets: [ticket(1, READY)] })).toEqual(['ticket-1'])
})

test('where a device waits and another one is worked on, somebody has to choose', () => {
  const tickets = [ticket(1, PENDING), ticket(2, READY)]
  expect(meant('7518', { tickets })).toEqual(['ticket-1', 'ticket-2'])
})

test('the only repair of a device is meant though it was handed over, but not that of somebody found by their number', () => {
  const tickets = [ticket(1, HANDED_OVER)]
  expect(meant('7518', { tickets, devices: [DEVICE] })).toEqual(['ticket-1'])
  expect(meant('7518', { tickets, customers: [ANNA] })).toEqual(['customer-1', 'ticket-1'])
  expect(meant('7518', { tickets: [...tickets, ticket(2, HANDED_OVER)] })).toHaveLength(2)
})

test('a whole number is the document that bears it, whatever else was found', () => {
  const tickets = [ticket(1, PENDING), ticket(2, HANDED_OVER)]
  expect(meant('T:S1-T1-000002', { tickets, devices: [DEVICE] })).toEqual(['ticket-2'])
  expect(meant('T:S1-T1-000009', { tickets, devices: [DEVICE] })).toEqual([])
})
