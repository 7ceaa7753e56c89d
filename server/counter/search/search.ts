import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { inOrder, padded } from '../../../db/queries/id-list.ts'
import { ageOf, newestFirst } from '../../../db/queries/newest-first.ts'
import { findIds } from '../../../db/search/search.ts'
import { serialKey } from '../../domain/text/fold.ts'
import { isOverdue, isReady } from '../../domain/repair-status.ts'
import { read } from '../../http/endpoint.ts'
import { idOfToday } from '../../http/ids/former-ids.ts'
import { anyEmployee, seesMoney } from '../../http/auth/permissions.ts'
import { findCustomers, listCustomersById } from '../../shop/people/customers.ts'
import { heldUnits } from '../../shop/stock/sellable.ts'
import { openTicketsOf } from '../queries/balances.ts'
import { documentsMeant } from '../queries/document-numbers.ts'
import { repairsOfFaults } from '../queries/faults.ts'
import { SearchQuery, SearchReply } from './search.contract.ts'
import { purchaseHits, requestHits, requestMeant } from './trade-ins.ts'
import { webOrdersOfReceipts } from './web-orders.ts'
import { namedOrders } from '../queries/named-orders.ts'
import { deviceName } from '../../domain/text/device-name.ts'

type Found = z.output<typeof SearchReply>

export const search = [
  read(
    'GET /search',
    {
      who: anyEmployee,
      query: SearchQuery,
      response: SearchReply,
      summary: 'Customers, devices, tickets, requests and purchases that hold every word, newest first',
    },
    ({ db, now, database }, { query: { q, limit = 8 }, session }) =>
      find(db, q, { limit, now: now(), holds: database.clock.expiry(), receipts: seesMoney(session!.caller) }),
  ),
]

/** `holds`: when they are judged; `receipts`: whether tickets and orders are found by the numbers of their receipts, and purchases at all. */
type Bounds = { limit: number; now: number; holds: number; receipts: boolean }

export async function find(db: Db, q: string, bounds: Bounds): Promise<Found> {
  const { kind, value } = scanned(q)
  const { limit, now, holds, receipts: byReceipts } = bounds
  const none: number[] = []
  const [customers, devices, mentions] = await Promise.all([
    kind ? none : findCustomers(db, value, limit),
    kind === null || kind === 'D' || kind === 'S' ? findDevices(db, value, limit, kind) : none,
    kind === null || kind === 'T' || kind === 'R' ? findTickets(db, value, { limit, byReceipts }, kind) : [],
  ])
  const tickets = mentions.map(({ id }) => id)
  if (tickets.length < limit) tickets.push(...(await ticketsOf(db, 'device_id', devices, limit)))
  const customerRows = await customerHits(db, customers, limit)
  const called = customerRows.filter(({ phone }) => isEndOf(phone, value)).map(({ id }) => id)
  if (tickets.length < limit) tickets.push(...(await ticketsOf(db, 'customer_id', called, limit)))
  const [deviceRows, ticketRows] = await Promise.all([
    deviceHits(db, devices, holds),
    ticketHits(db, [...new Set(tickets)].slice(0, limit), now),
  ])
  const byReceipt = mentions.filter(({ receipt_number }) => receipt_number)
  const receipts = new Map(byReceipt.map(({ id, receipt_number }) => [id, receipt_number]))
  return {
    customers: customerRows,
    devices: deviceRows,
    tickets: ticketRows.map((ticket) => ({ ...ticket, receipt_number: receipts.get(ticket.id) ?? null })),
    ...(await dealsMeant(db, { kind, value }, { sellers: namedBy(value, customerRows), limit, byReceipts })),
  }
}

type Deals = Pick<Found, 'web_orders' | 'requests' | 'purchases'>

/** The web shop's orders by their receipts; requests and purchases by their numbers and by whose they are. */
async function dealsMeant(
  db: Db,
  { kind, value }: Code,
  { sellers, limit, byReceipts }: { sellers: number[]; limit: number; byReceipts: boolean },
): Promise<Deals> {
  const isNumber = byReceipts && (kind === null || kind === 'R')
  const numbers = isNumber ? (await documentsMeant(db, value)).numbers : []
  const meant = kind === null || kind === 'O' ? requestMeant(value) : null
  const id = meant === null ? null : await idOfToday(db, 'pickup_request', meant)
  return {
    web_orders: await webOrdersOfReceipts(db, numbers, limit),
    requests: await requestHits(db, { id, customers: sellers }, limit),
    purchases: byReceipts ? await purchaseHits(db, { numbers, customers: sellers }, limit) : [],
  }
}

/** Those of the customers found who are named: digits alone name the number of a phone by its end. */
const namedBy = (value: string, customers: Found['customers']): number[] =>
  customers.filter(({ phone }) => /\p{L}/u.test(value) || isEndOf(phone, value)).map(({ id }) => id)

type Code = { kind: 'T' | 'R' | 'D' | 'S' | 'O' | null; value: string }

/** What the codes carry: `T:` a ticket's number, `R:` a receipt's or purchase's, `D:` a device's id or serial number, `S:` a serial number, `O:` a request's. */
function scanned(q: string): Code {
  const [, kind, value] = /^\s*([TRDSO]):(.+)$/.exec(q) ?? []
  return { kind: (kind as Exclude<Code['kind'], null> | undefined) ?? null, value: (value ?? q).trim() }
}

/** A serial number that ends so comes before one that holds it anywhere. */
async function findDevices(db: Db, q: string, limit: number, kind: 'D' | 'S' | null): Promise<number[]> {
  const key = serialKey(q)
  if (kind === 'D' && /^\d{1,15}$/.test(key)) {
    const device = await db
      .selectFrom('device')
      .select('id')
      .where('id', '=', await idOfToday(db, 'device', Number(key)))
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    if (device) return [device.id]
  }
  const find = async (words: string) => await newestFirst(db, 'device', await findIds(db, 'device', words, { limit }))
  const tails = kind || looksLikeSerial(key) ? await find(`${key}$`) : []
  const ids = tails.length < limit ? await find(q) : []
  const spelled = key.toLowerCase() === q.toLowerCase() || key.length < 3 || ids.length >= limit ? [] : await find(key)
  return [...new Set([...tails, ...ids, ...spelled])].slice(0, limit)
}

const looksLikeSerial = (key: string) => key.length >= 4 && /\d/.test(key)

/** A ticket, and the number of its receipt where that is what was looked for. */
type Mention = { id: number; receipt_number?: string | null }

/** The exact number first, then the tickets whose number or receipt's number ends in these digits, then every mention. */
async function findTickets(
  db: Db,
  q: string,
  { limit, byReceipts }: { limit: number; byReceipts: boolean },
  kind: 'T' | 'R' | null,
): Promise<Mention[]> {
  if (kind === 'R' && !byReceipts) return []
  if (kind === 'R') return await ticketsOfReceipts(db, [q.toUpperCase()], limit)
  const { numbers, whole } = await documentsMeant(db, q)
  const numbered: Mention[] = numbers.length === 0 ? [] : await ticketsNumbered(db, numbers, limit)
  if (numbers.length > 0 && kind === null && byReceipts) numbered.push(...(await ticketsOfReceipts(db, numbers, limit)))
  if (whole && numbered.length > 0) return numbered
  const mentions = [...(await findIds(db, 'repair_order', q, { limit })), ...(await repairsOfFaults(db, q, limit))]
  return [...numbered, ...(await newestFirst(db, 'repair_order', mentions)).map((id) => ({ id }))]
}

const ticketsNumbered = (db: Db, numbers: readonly string[], limit: number): Promise<Mention[]> =>
  db
    .selectFrom('repair_order')
    .select('id')
    .where('ticket_number', 'in', numbers)
    .where('deleted_at', 'is', null)
    .orderBy(AGE, 'desc')
    .orderBy('repair_order.id', 'desc')
    .limit(limit)
    .execute()

/** By the receipts of all money that moved, and by those of payments of before the money bore them. */
async function ticketsOfReceipts(db: Db, numbers: readonly string[], limit: number): Promise<Mention[]> {
  const bearers = (['payment_entry', 'payment'] as const).map((table) =>
    db
      .selectFrom(table)
      .innerJoin('repair_order', 'repair_order.id', `${table}.order_id`)
      .select(['repair_order.id', 'repair_order.created_at', `${table}.receipt_number`])
      .where(`${table}.receipt_number`, 'in', numbers)
      .where('repair_order.deleted_at', 'is', null)
      .orderBy(AGE, 'desc')
      .orderBy('repair_order.id', 'desc')
      .limit(limit)
      .execute(),
  )
  const found = (await Promise.all(bearers)).flat()
  return found.toSorted((a, b) => b.created_at - a.created_at || b.id - a.id).slice(0, limit)
}

/** Four digits and more, typed as the end of a phone number. */
const isEndOf = (phone: string | null, digits: string) =>
  /^\d{4,}$/.test(digits) && phone !== null && phone.replaceAll(/\D/g, '').endsWith(digits)

type Whose = 'device_id' | 'customer_id'

async function ticketsOf(db: Db, whose: Whose, ids: number[], limit: number): Promise<number[]> {
  if (ids.length === 0) return []
  const tickets = await db
    .selectFrom('repair_order')
    .select('id')
    .where(whose, 'in', padded(ids))
    .where('deleted_at', 'is', null)
    .orderBy(AGE, 'desc')
    .orderBy('repair_order.id', 'desc')
    .limit(limit)
    .execute()
  return tickets.map(({ id }) => id)
}

const AGE = ageOf('repair_order')

async function customerHits(db: Db, ids: number[], limit: number): Promise<Found['customers']> {
  const customers = (await listCustomersById(db, ids)).slice(0, limit)
  const open = await openTicketsOf(
    db,
    customers.map(({ id }) => id),
  )
  return customers.map(({ id, full_name, phone, unconfirmed }) => ({
    id,
    full_name,
    phone,
    unconfirmed,
    open_tickets: open.get(id) ?? 0,
  }))
}

async function deviceHits(db: Db, ids: number[], at: number): Promise<Found['devices']> {
  if (ids.length === 0) return []
  const held = new Map((await heldUnits(db, at)).map(({ device_id, hold_until }) => [device_id, hold_until]))
  const devices = await db
    .selectFrom('device')
    .innerJoin('brand', 'brand.id', 'device.brand_id')
    .innerJoin('model', 'model.id', 'device.model_id')
    .leftJoin('user as owner', 'owner.id', 'device.owner_id')
    .select([
      'device.id',
      'brand.name as brand',
      'model.name as model',
      'device.serial_number',
      'device.owner_id',
      'owner.full_name as owner_name',
    ])
    .where('device.id', 'in', padded(ids))
    .where('device.deleted_at', 'is', null)
    .execute()
  return inOrder(
    ids,
    devices.map(({ brand, model, ...device }) => ({
      ...device,
      title: deviceName({ brand, model }),
      hold_until: held.get(device.id) ?? null,
    })),
  )
}

async function ticketHits(db: Db, ids: number[], now: number) {
  if (ids.length === 0) return []
  const tickets = await namedOrders(db)
    .select([
      'repair_order.id',
      'ticket_number',
      'repair_order.status',
      'repair_order.note',
      'estimated_completion_date as promised_at',
      'completed_at',
      'picked_up_at',
    ])
    .select(['brand.name as brand', 'model.name as model', 'customer.full_name as customer_name'])
    .where('repair_order.id', 'in', padded(ids))
    .execute()
  return inOrder(
    ids,
    tickets.map(({ brand, model, completed_at, picked_up_at, ...ticket }) => ({
      ...ticket,
      device_title: deviceName({ brand, model }),
      overdue: isOverdue(ticket, now),
      ready: isReady({ status: ticket.status, completed_at, picked_up_at }, now),
    })),
  )
}
