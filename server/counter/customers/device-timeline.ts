import { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { StockMovementTable } from '../../../db/schema/store-tables.ts'
import { read } from '../../http/endpoint.ts'
import { id } from '../../http/fields.contract.ts'
import { anyEmployee, seesMoney } from '../../http/auth/permissions.ts'
import { findDevice } from '../../shop/devices/devices.ts'
import { DEVICE_EVENTS, type DeviceEvent, DeviceTimeline } from './device-timeline.contract.ts'
import { type Unit, unitsOf } from './device-units.ts'

/** All lives of a device on one line: in repair, bought in, held, sold, and back. */

type Event = z.output<typeof DeviceEvent>

export const deviceTimeline = [
  read(
    'GET /devices/:id/timeline',
    {
      who: anyEmployee,
      params: z.object({ id: id() }),
      response: DeviceTimeline,
      summary: 'All that happened to a device here, the newest first, each with its document',
    },
    async ({ db }, { params, session }) => {
      const device = await findDevice(db, params.id, { own: null })
      const units = await unitsOf(db, device)
      const events = [
        ...(await repairsOf(db, device.id)),
        ...(await offersFor(db, device.id)),
        ...(await purchasesOf(db, units)),
        ...(await releasesOf(db, units)),
        ...(await movementsOf(db, units, seesMoney(session!.caller))),
      ]
      return events.toSorted((a, b) => b.at - a.at || rank(b) - rank(a))
    },
  ),
]

const rank = ({ kind }: Event) => DEVICE_EVENTS.indexOf(kind)

const event = (kind: Event['kind'], at: number, fields: Partial<Event> = {}): Event => ({
  who: null,
  document: null,
  amount_cents: null,
  text: null,
  until: null,
  kind,
  at,
  ...fields,
})

async function repairsOf(db: Db, device_id: number): Promise<Event[]> {
  const repairs = await db
    .selectFrom('repair_order')
    .select(['id', 'ticket_number', 'note', 'created_at', 'completed_at', 'picked_up_at'])
    .where('device_id', '=', device_id)
    .where('deleted_at', 'is', null)
    .execute()
  const ends = await endsByPurchase(db, idsOf(repairs))
  return repairs.flatMap(({ id, ticket_number: number, note, created_at, completed_at, picked_up_at }) => {
    const document = { kind: 'ticket' as const, id, number, pickup_id: null }
    const isOwn = (at: number | null) => at !== null && !ends.has(`${id} ${at}`)
    return [
      event('taken-in', created_at, { document, text: note }),
      ...(isOwn(completed_at) ? [event('repaired', completed_at!, { document })] : []),
      ...(isOwn(picked_up_at) ? [event('handed-out', picked_up_at!, { document })] : []),
    ]
  })
}

/** When repairs had their end because the shop bought the device: then it was not repaired, and nobody fetched it. */
async function endsByPurchase(db: Db, order_ids: readonly number[]): Promise<Set<string>> {
  if (order_ids.length === 0) return new Set()
  const ends = await db
    .selectFrom('order_event')
    .select(['order_id', 'created_at'])
    .where('order_id', 'in', order_ids)
    .where('kind', '=', 'bought')
    .execute()
  return new Set(ends.map(({ order_id, created_at }) => `${order_id} ${created_at}`))
}

async function offersFor(db: Db, device_id: number): Promise<Event[]> {
  const offers = await db
    .selectFrom('offer')
    .innerJoin('pickup_request', 'pickup_request.id', 'offer.pickup_id')
    .innerJoin('user as maker', 'maker.id', 'offer.made_by')
    .select(['offer.pickup_id', 'offer.price_cents', 'offer.reason', 'offer.created_at', 'maker.full_name as who'])
    .where('pickup_request.device_id', '=', device_id)
    .where('pickup_request.deleted_at', 'is', null)
    .execute()
  return offers.map(({ pickup_id, price_cents, reason, created_at, who }) =>
    event('offered', created_at, {
      who,
      document: { kind: 'trade-in', id: pickup_id, number: String(pickup_id), pickup_id },
      amount_cents: price_cents,
      text: reason,
    }),
  )
}

/** Bought and given back; what was bought is held from then on. */
async function purchasesOf(db: Db, units: readonly Unit[]): Promise<Event[]> {
  if (units.length === 0) return []
  const purchases = await db
    .selectFrom('receipt_line')
    .innerJoin('receipt', 'receipt.id', 'receipt_line.receipt_id')
    .innerJoin('user as cashier', 'cashier.id', 'receipt.cashier_id')
    .select(['receipt.id', 'receipt.number', 'receipt.note', 'receipt.original_id', 'receipt.created_at'])
    .select(['receipt_line.unit_id', 'receipt_line.pickup_id', 'receipt_line.gross_cents', 'cashier.full_name as who'])
    .where('receipt.kind', '=', 'purchase')
    .where('receipt_line.unit_id', 'in', idsOf(units))
    .execute()
  const holds = new Map(units.map(({ id, hold_until }) => [id, hold_until]))
  return purchases.flatMap(({ id, number, note, original_id, created_at, unit_id, pickup_id, gross_cents, who }) => {
    const document = { kind: 'purchase' as const, id, number, pickup_id }
    if (original_id !== null)
      return [event('given-back', created_at, { who, document, amount_cents: -gross_cents, text: note })]
    const until = holds.get(unit_id!) ?? null
    const bought = event('bought', created_at, { who, document, amount_cents: gross_cents })
    return until !== null && until > created_at ? [bought, event('held', created_at, { document, until })] : [bought]
  })
}

/** Each on the purchase whose hold it ended. */
async function releasesOf(db: Db, units: readonly Unit[]): Promise<Event[]> {
  if (units.length === 0) return []
  const releases = await db
    .selectFrom('hold_release')
    .innerJoin('user', 'user.id', 'hold_release.by')
    .innerJoin('unit', 'unit.id', 'hold_release.unit_id')
    .leftJoin('receipt', 'receipt.id', 'unit.purchase_receipt_id')
    .leftJoin('receipt_line', 'receipt_line.receipt_id', 'receipt.id')
    .select(['hold_release.reason', 'hold_release.created_at', 'user.full_name as who'])
    .select(['receipt.id', 'receipt.number', 'receipt_line.pickup_id'])
    .where('hold_release.unit_id', 'in', idsOf(units))
    .execute()
  return releases.map(({ reason, created_at, who, id, number, pickup_id }) => {
    const document = id === null || number === null ? null : { kind: 'purchase' as const, id, number, pickup_id }
    return event('released', created_at, { who, document, text: reason })
  })
}

type Moved = Exclude<StockMovementTable['kind'], 'trade-in' | 'purchase-return'>

const KINDS: Record<Exclude<Moved, 'count'>, Event['kind']> = {
  receipt: 'received',
  sale: 'sold',
  return: 'returned',
  'write-off': 'written-off',
}

/** How it came and went otherwise; purchases tell of themselves. Orders of the web shop name their price. */
async function movementsOf(db: Db, units: readonly Unit[], showsOrders: boolean): Promise<Event[]> {
  if (units.length === 0) return []
  const movements = await db
    .selectFrom('stock_movement')
    .leftJoin('user', 'user.id', 'stock_movement.actor_id')
    .select(['stock_movement.kind', 'stock_movement.quantity', 'stock_movement.note', 'stock_movement.order_id'])
    .select(['stock_movement.created_at', 'user.full_name', 'user.is_staff'])
    .where('stock_movement.unit_id', 'in', idsOf(units))
    .where('stock_movement.kind', 'not in', ['trade-in', 'purchase-return'])
    .execute()
  return movements.map(({ kind, quantity, note, order_id, created_at, full_name, is_staff }) => {
    const moved = kind as Moved // The query leaves the others out.
    const document =
      order_id !== null && showsOrders
        ? { kind: 'web-order' as const, id: order_id, number: `ORD${order_id}`, pickup_id: null }
        : null
    // Who ordered it is in the order.
    const who = is_staff === 1 ? full_name : null
    const event_kind = moved === 'count' ? (quantity < 0 ? 'missed' : 'found') : KINDS[moved]
    return event(event_kind, created_at, { who, document, text: note })
  })
}

const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)
