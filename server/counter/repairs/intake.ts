import type { z } from 'zod'
import type { Trx } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { ageOf } from '../../../db/queries/newest-first.ts'
import { OPEN_STATUSES } from '../../domain/repair-status.ts'
import { json } from '../../http/body.ts'
import { write } from '../../http/endpoint.ts'
import { badRequest, conflict, type HttpError } from '../../http/errors.ts'
import { staffOrAdmin } from '../../http/auth/permissions.ts'
import { customerAtDesk, NAMELESS_CUSTOMER } from '../../shop/people/desk-customer.ts'
import { findNamed } from '../../shop/devices/catalogue.ts'
import { refuseBadDrawing } from '../../shop/drawings.ts'
import { kindOfDevice } from '../../shop/devices/described-device.ts'
import { findBySerial, findDevice, patchDevice, registerDevice } from '../../shop/devices/devices.ts'
import { keepIntake } from '../../shop/repairs/intakes.ts'
import { appendOrderEvents } from '../../shop/repairs/order-events.ts'
import { openOrder } from '../../shop/repairs/orders.ts'
import { keepPasscode } from '../../shop/repairs/passcodes.ts'
import { newActivationCode } from '../../shop/people/activation-codes.ts'
import { NewIntake, TakenIn } from './intake.contract.ts'

export const intake = [
  write(
    'POST /intakes',
    {
      who: staffOrAdmin,
      body: json(NewIntake),
      response: TakenIn,
      status: 201,
      summary: 'Takes a device in: customer, device and order at once, or nothing',
    },
    ({ trx, tokens }, { body }) => takeIn(trx, tokens, body),
  ),
]

type Intake = z.output<typeof NewIntake>

async function takeIn(trx: Trx, tokens: Context['tokens'], intake: Intake): Promise<z.output<typeof TakenIn>> {
  if (intake.signature !== undefined) refuseBadDrawing(intake.signature, 'signature')
  const { problem_ids = [], note, passcode, estimate_cents = 0, promised_at } = intake
  for (const id of problem_ids) await findNamed(trx, 'problem', id)
  const customer = await customerAtDesk(trx, intake.customer)
  const { id: device_id, former_owner } = await deviceOf(trx, intake.device, customer.id)
  const order = await openOrder(trx, {
    device_id,
    customer_id: customer.id,
    problem_id: problem_ids[0],
    cost_cents: estimate_cents,
    note: note?.trim() || null,
    estimated_completion_date: promised_at,
  })
  if (!intake.device.second_ticket) await refuseSecondTicket(trx, order)
  await keepIntake(trx, order.id, intake)
  if (former_owner !== null) await appendOrderEvents(trx, order.id, [{ kind: 'new-owner', user_id: former_owner }])
  if (passcode) await keepPasscode(trx, tokens, order.id, passcode)
  const claim_code = customer.canSignIn ? await newActivationCode(trx, customer.id) : null
  return { order_id: order.id, ticket_number: order.ticket_number, customer_id: customer.id, device_id, claim_code }
}

/** The device, and whose it was where it has changed hands. */
type IntakeDevice = { id: number; former_owner: number | null }

async function deviceOf(trx: Trx, device: Intake['device'], owner_id: number): Promise<IntakeDevice> {
  if (device.id !== undefined) return await knownDevice(trx, { ...device, id: device.id }, owner_id)
  const { serial_number } = device
  if (serial_number !== undefined) await refuseKnownSerial(trx, serial_number)
  const registered = await registerDevice(trx, { ...(await kindOfDevice(trx, device)), serial_number, owner_id })
  return { id: registered.id, former_owner: null }
}

/** A device of this customer. One that nobody owned becomes theirs, and one of somebody else's if they are said to have it now. */
async function knownDevice(
  trx: Trx,
  { id, take_over = false }: { id: number; take_over?: boolean | undefined },
  owner_id: number,
): Promise<IntakeDevice> {
  const device = await findDevice(trx, id, { own: null })
  if (device.owner_id === owner_id) return { id, former_owner: null }
  if (device.owner_id !== null && !take_over) throw await deviceBelongsTo(trx, device.owner_id)
  // What its former owner wrote about it is not for the next one to read.
  const notes = device.owner_id === null ? undefined : null
  await patchDevice(trx, id, { own: null }, { owner_id, notes })
  return { id, former_owner: device.owner_id }
}

/**
 * What is here already cannot be brought, unless whoever stands at the desk says so. Asked after the order has its number:
 * of two windows that take the same device in, one waits for the other's number and sees its ticket.
 */
async function refuseSecondTicket(trx: Trx, order: { id: number; device_id: number }) {
  const open = await trx
    .selectFrom('repair_order')
    .select('ticket_number')
    .where('device_id', '=', order.device_id)
    .where('status', 'in', OPEN_STATUSES)
    .where('deleted_at', 'is', null)
    .where('id', '<>', order.id)
    .orderBy(ageOf('repair_order'), 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (!open) return
  const { ticket_number: number } = open
  throw conflict('device-already-here', `The device is here already: ${number} is open`, { number })
}

async function refuseKnownSerial(trx: Trx, serial_number: string) {
  const known = await findBySerial(trx, serial_number)
  if (!known) return
  const { owner_id } = await findDevice(trx, known.id, { own: null })
  if (owner_id === null)
    throw badRequest('serial-number-of-nobody', 'Serial number already exists: the device belongs to nobody yet')
  const name = await ownerName(trx, owner_id)
  throw badRequest(
    'serial-number-of-somebody',
    `Serial number already exists: the device belongs to ${name || NAMELESS_CUSTOMER}`,
    {
      name,
    },
  )
}

async function deviceBelongsTo(trx: Trx, owner_id: number): Promise<HttpError> {
  const name = await ownerName(trx, owner_id)
  return badRequest('device-of-somebody', `This device belongs to ${name || NAMELESS_CUSTOMER}`, { name })
}

async function ownerName(trx: Trx, id: number): Promise<string> {
  const owner = await trx.selectFrom('user').select('full_name').where('id', '=', id).executeTakeFirst()
  return owner?.full_name ?? ''
}
