import type { Db, Trx } from '../../db/handle.ts'
import { type Forgotten, overwriteDeleted } from '../../db/journal-erase.ts'
import { forget } from '../../db/local.ts'
import { patch, remove } from '../../db/rows.ts'
import { badRequest, notFound } from '../http/errors.ts'
import { worksHere } from './accounts.ts'
import { erasePasscode } from './passcodes.ts'

/** What an erased person is called where their repairs are still shown. */
export const ERASED = 'Erased person'

/**
 * Takes away who a customer was: name, contacts, sign-in, signatures and passcodes. Repairs and payments stay, about
 * nobody. Returns the rows whose past in the journal has to be erased as well; doing it again is harmless.
 * @throws 404; 400 for who works here and while a repair is open
 */
export async function erasePerson(trx: Trx, id: number): Promise<Forgotten> {
  const user = await trx.selectFrom('user').select(['role', 'is_staff']).where('id', '=', id).executeTakeFirst()
  if (!user) throw notFound(`There is no customer ${id}`)
  if (worksHere(user)) throw badRequest('This person works here: make them a customer first')
  await refuseOpenRepairs(trx, id)
  await overwriteDeleted(trx)
  const orders = (await trx.selectFrom('repair_order').select('id').where('customer_id', '=', id).execute()).map(
    (order) => order.id,
  )
  const nobody = { phone: null, phone_key: null, email: null, email_key: null, profile_picture: null, source_key: null }
  await patch(trx, 'user', id, { full_name: ERASED, ...nobody, is_active: false })
  if (!(await isRemoved(trx, id))) await remove(trx, 'user', id)
  const intakes = await forgetSignatures(trx, orders)
  for (const order of orders) await erasePasscode(trx, order)
  for (const table of ['credential', 'session', 'claim_code', 'idempotency_key'] as const)
    await forget(trx, table, { user_id: id })
  return { user: [id], intake: intakes }
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
  if (open.length > 0) throw badRequest(`This customer has open repairs: ${tickets}. Finish or cancel them first.`)
}

const isRemoved = async (db: Db, id: number) =>
  (await db
    .selectFrom('user')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .executeTakeFirst()) !== undefined

async function forgetSignatures(trx: Trx, orders: readonly number[]): Promise<number[]> {
  if (orders.length === 0) return []
  const intakes = await trx.selectFrom('intake').select('id').where('order_id', 'in', orders).execute()
  for (const { id } of intakes) await patch(trx, 'intake', id, { signature: null })
  return intakes.map(({ id }) => id)
}
