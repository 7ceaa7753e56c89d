import type { Db, Trx } from '../../../db/handle.ts'
import type { ErasedRows } from '../../../db/journal/erase.ts'
import { deleteLocal } from '../../../db/local.ts'
import { patch, patchUnchecked, remove } from '../../../db/rows.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { worksHere } from '../people/reach.ts'
import { erasePhotos } from './erase-photos.ts'
import { eraseSales } from './erase-sales.ts'
import { eraseTradeIns } from './erase-trade-ins.ts'
import { erasePasscode } from '../repairs/passcodes.ts'

/** What an erased person is called where their repairs are still shown. */
export const ERASED = 'Erased person'

/**
 * Takes away who a customer was (name, contacts, sign-in, signatures, passcodes) and what was written by hand on their
 * repairs, devices, orders and trade-ins (notes, messages, accessories, addresses, photos). Repairs, orders, prices and
 * payments stay, about nobody. Returns the rows whose past in the journal has to be erased as well; doing it again is harmless.
 * @throws 404; 400 for who works here and while a repair, an order or a trade-in is open
 */
export async function erasePerson(trx: Trx, id: number): Promise<ErasedRows> {
  const user = await trx.selectFrom('user').select(['role', 'is_staff']).where('id', '=', id).executeTakeFirst()
  if (!user) throw notFound('customer-id-unknown', `There is no customer ${id}`, { id })
  if (worksHere(user)) throw badRequest('customer-works-here', 'This person works here: make them a customer first')
  await refuseOpenRepairs(trx, id)
  const nobody = {
    phone: null,
    phone_key: null,
    email: null,
    email_key: null,
    profile_picture: null,
    source_key: null,
    unconfirmed_since: null,
    pin_changed_at: null,
    password_version: null,
    phone_shared_at: null,
  }
  await patch(trx, 'user', id, { full_name: ERASED, ...nobody, is_active: false })
  if (!(await isRemoved(trx, id))) await remove(trx, 'user', id)
  for (const table of ['credential', 'session', 'claim_code', 'idempotency_key'] as const)
    await deleteLocal(trx, table, { user_id: id })
  return {
    user: [id],
    ...(await eraseRepairs(trx, id)),
    device: await eraseDeviceNotes(trx, id),
    ...(await eraseSales(trx, id)),
    ...(await eraseTradeIns(trx, id)),
    ...(await erasePhotos(trx, id)),
  }
}

async function refuseOpenRepairs(db: Db, customer_id: number) {
  const open = await db
    .selectFrom('repair_order')
    .select('ticket_number')
    .where('customer_id', '=', customer_id)
    .where('status', 'in', ['Pending', 'Repairing'])
    .where('deleted_at', 'is', null)
    .execute()
  const tickets = open.map(({ ticket_number }) => ticket_number).join(', ')
  if (open.length > 0)
    throw badRequest(
      'customer-has-repairs',
      `This customer has open repairs: ${tickets}. Finish or cancel them first.`,
      { tickets },
    )
}

const isRemoved = async (db: Db, id: number) =>
  (await db
    .selectFrom('user')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .executeTakeFirst()) !== undefined

/** What was written or signed on a customer's repairs, those that are out of sight included. */
async function eraseRepairs(trx: Trx, customer_id: number): Promise<ErasedRows> {
  const forgotten = { repair_order: [] as number[], intake: [] as number[], order_event: [] as number[] }
  const orders = await trx.selectFrom('repair_order').select('id').where('customer_id', '=', customer_id).execute()
  for (const { id: order_id } of orders) {
    await patch(trx, 'repair_order', order_id, { note: null })
    await erasePasscode(trx, order_id)
    forgotten.repair_order.push(order_id)
    for (const id of await idsOf(trx, 'intake', order_id)) {
      await patch(trx, 'intake', id, { signature: null, accessories: '[]' })
      forgotten.intake.push(id)
    }
    for (const id of await idsOf(trx, 'order_event', order_id)) {
      await patchUnchecked(trx, 'order_event', id, { text: null })
      forgotten.order_event.push(id)
    }
  }
  return forgotten
}

async function idsOf(db: Db, table: 'intake' | 'order_event', order_id: number): Promise<number[]> {
  const written = db.selectFrom(table).select('id').where('order_id', '=', order_id)
  const rows = table === 'intake' ? written : written.where('kind', 'in', ['message', 'note'])
  return (await rows.execute()).map(({ id }) => id)
}

async function eraseDeviceNotes(trx: Trx, owner_id: number): Promise<number[]> {
  const devices = await trx.selectFrom('device').select('id').where('owner_id', '=', owner_id).execute()
  for (const { id } of devices) await patch(trx, 'device', id, { notes: null })
  return devices.map(({ id }) => id)
}
