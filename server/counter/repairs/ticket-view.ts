import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { ageOf } from '../../../db/queries/newest-first.ts'
import { notFound } from '../../http/errors.ts'
import { hasPasscode } from '../../shop/repairs/passcodes.ts'
import { listPayments } from '../../shop/repairs/payments.ts'
import { listMovements } from '../../shop/repairs/receipts.ts'
import { listTicketPhotos } from '../../shop/repairs/ticket-photos.ts'
import { purchaseSince, tradeInOfRepair } from '../../shop/trade-ins/bought.ts'
import { balancesOf } from '../queries/balances.ts'
import { hasPassword } from '../../shop/people/customers.ts'
import { repairRows } from '../queries/repair-rows.ts'
import type { Ticket as Schema } from './tickets.contract.ts'
import { receiptsFrom } from './ticket-receipts.ts'
import { historyOf } from './timeline.ts'

export type Ticket = z.output<typeof Schema>

/**
 * Everything about a repair.
 * @throws 404
 */
export async function ticketView(db: Db, id: number, now: number): Promise<Ticket> {
  const [row] = await repairRows(db, [id], now)
  if (!row) throw notFound('order-not-found', 'Order not found')
  const movements = await listMovements(db, id)
  const { timeline, taken_in_by } = await historyOf(db, row, movements)
  const receipts = receiptsFrom(movements)
  const trade_in = await tradeInOfRepair(db, id)
  return {
    ...row,
    ...(await figuresOf(db, id)),
    device: await deviceOf(db, row.device_id, id),
    customer: await customerOf(db, row.customer_id),
    taken_in_by,
    intake: await intakeOf(db, id),
    // The first change of the price tells what was agreed before it.
    agreed_cents: Number(timeline.find(({ kind }) => kind === 'price')?.from ?? row.total_cents),
    payments: await paymentsOf(db, id, receipts),
    receipts,
    photos: await listTicketPhotos(db, id),
    trade_in,
    bought_by: await purchaseSince(db, id, trade_in),
    timeline,
  }
}

/** Without what its timeline tells of money; the fields of money are left out where the reply is written. */
export function withoutMoney(ticket: Ticket): Ticket {
  const corrected = new Set(ticket.timeline.filter(({ kind }) => kind === 'correction').map(({ at }) => at))
  // Why a payment was corrected is a message of that very moment.
  const isShown = ({ kind, at }: Ticket['timeline'][number]) =>
    kind === 'message' ? !corrected.has(at) : kind !== 'payment' && kind !== 'correction' && kind !== 'price'
  return { ...ticket, timeline: ticket.timeline.filter(isShown) }
}

const figuresOf = (db: Db, id: number) =>
  db.selectFrom('repair_order').select(['cost_cents', 'discount_cents']).where('id', '=', id).executeTakeFirstOrThrow()

/** How many other repairs of the device are named. */
const MAX_PAST_TICKETS = 20

async function deviceOf(db: Db, id: number, order_id: number): Promise<Ticket['device']> {
  const device = await db
    .selectFrom('device')
    .innerJoin('device_type', 'device_type.id', 'device.device_type_id')
    .innerJoin('brand', 'brand.id', 'device.brand_id')
    .innerJoin('model', 'model.id', 'device.model_id')
    .select([
      'device.id',
      'device_type.name as type',
      'brand.name as brand',
      'model.name as model',
      'device.serial_number',
      'device.notes',
    ])
    .where('device.id', '=', id)
    .executeTakeFirstOrThrow()
  const past_tickets = await db
    .selectFrom('repair_order')
    .select(['id', 'ticket_number', 'status', 'created_at'])
    .where('device_id', '=', id)
    .where('deleted_at', 'is', null)
    .where('id', '<>', order_id)
    .orderBy(ageOf('repair_order'), 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_PAST_TICKETS)
    .execute()
  return { ...device, past_tickets }
}

async function customerOf(db: Db, id: number): Promise<Ticket['customer']> {
  const customer = await db
    .selectFrom('user')
    .select(['id', 'full_name', 'phone', 'email'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const balances = await balancesOf(db, [id])
  return { ...customer, balance_cents: balances.get(id) ?? 0, has_password: await hasPassword(db, id) }
}

async function intakeOf(db: Db, order_id: number): Promise<Ticket['intake']> {
  const intake = await db
    .selectFrom('intake')
    .select(['id', 'accessories', 'nothing_with_it', 'condition', 'terms_accepted', 'signature'])
    .where('order_id', '=', order_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!intake) return null
  return {
    problems: await problemsOf(db, intake.id),
    accessories: JSON.parse(intake.accessories),
    nothing_with_it: intake.nothing_with_it === 1,
    condition: JSON.parse(intake.condition),
    has_passcode: await hasPasscode(db, order_id),
    terms_accepted: intake.terms_accepted === 1,
    signature: intake.signature,
  }
}

const problemsOf = (db: Db, intake_id: number) =>
  db
    .selectFrom('intake_problem')
    .innerJoin('problem', 'problem.id', 'intake_problem.problem_id')
    .select(['problem.id', 'problem.name'])
    .where('intake_problem.intake_id', '=', intake_id)
    .where('intake_problem.deleted_at', 'is', null)
    .orderBy('intake_problem.id')
    .execute()

async function paymentsOf(db: Db, order_id: number, receipts: Ticket['receipts']): Promise<Ticket['payments']> {
  const payments = await listPayments(db, { own: null }, { order_id }).execute()
  return payments.map(({ due_amount_cents: due_cents, ...payment }) => {
    const first = receipts.find(({ payment_id }) => payment_id === payment.id)
    return { ...payment, due_cents, receipt_number: first?.number ?? null, cashier: first?.cashier ?? null }
  })
}
