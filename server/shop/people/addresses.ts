import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import type { AddressTable } from '../../../db/schema/store-tables.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import type { Scope } from '../../http/auth/permissions.ts'

/** Where customers of the store have things sent. As long as somebody has an address, exactly one is the default. */

export type Address = Pick<AddressTable, (typeof COLUMNS)[number]>

export type NewAddress = Omit<
  Address,
  'id' | 'user_id' | 'address_line2' | 'is_default' | 'created_at' | 'updated_at'
> & {
  address_line2?: string | undefined
  is_default?: boolean | undefined
}

export type AddressChanges = { [K in keyof NewAddress]?: NewAddress[K] | undefined }

const COLUMNS = [
  'id',
  'user_id',
  'full_name',
  'phone_number',
  'address_line1',
  'address_line2',
  'city',
  'state',
  'postal_code',
  'country',
  'is_default',
  'created_at',
  'updated_at',
] as const

const MAX_ADDRESSES = 100

/** The addresses within the scope: the default first, then the newest. */
export const listAddresses = (db: Db, { own }: Scope) =>
  db
    .selectFrom('address')
    .select(COLUMNS)
    .where('deleted_at', 'is', null)
    .$if(own !== null, (query) => query.where('user_id', '=', own!))
    .orderBy('is_default', 'desc')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')

/**
 * The address with this id, if within the scope.
 * @throws 404
 */
export async function findAddress(db: Db, id: number, scope: Scope): Promise<Address> {
  const address = await listAddresses(db, scope).where('id', '=', id).executeTakeFirst()
  if (!address) throw notFound('address-not-found', 'Address not found')
  return address
}

/**
 * Adds an address and returns its id.
 * @throws 400 when there are too many
 */
export async function addAddress(
  trx: Trx,
  user_id: number,
  { address_line2, is_default, ...address }: NewAddress,
): Promise<number> {
  const known = await listAddresses(trx, { own: user_id }).execute()
  if (known.length >= MAX_ADDRESSES)
    throw badRequest('addresses-full', `At most ${MAX_ADDRESSES} addresses are kept`, { most: MAX_ADDRESSES })
  const id = await insert(trx, 'address', {
    ...address,
    user_id,
    address_line2: address_line2 || null,
    is_default: false,
  })
  if (is_default || known.length === 0) await makeDefault(trx, user_id, id)
  return id
}

/**
 * Changes an address; a field that is undefined stays. When the default is to be none any more, the newest other one is.
 * @throws 404
 */
export async function changeAddress(
  trx: Trx,
  id: number,
  scope: Scope,
  { address_line2, is_default, ...changes }: AddressChanges,
): Promise<void> {
  const { user_id, ...before } = await findAddress(trx, id, scope)
  await patch(trx, 'address', id, { ...changes, address_line2: address_line2 === '' ? null : address_line2 })
  if (is_default) await makeDefault(trx, user_id, id)
  else if (is_default === false && before.is_default) await makeNewestDefault(trx, user_id, id)
}

/**
 * Removes an address; the newest of the others follows it as the default.
 * @throws 404
 */
export async function removeAddress(trx: Trx, id: number, scope: Scope): Promise<void> {
  const { user_id, is_default } = await findAddress(trx, id, scope)
  if (is_default) await makeNewestDefault(trx, user_id, id)
  await remove(trx, 'address', id)
}

async function makeDefault(trx: Trx, user_id: number, id: number) {
  for (const other of await listAddresses(trx, { own: user_id }).execute())
    await patch(trx, 'address', other.id, { is_default: other.id === id })
}

async function makeNewestDefault(trx: Trx, user_id: number, except: number) {
  const newest = (await listAddresses(trx, { own: user_id }).execute()).find(({ id }) => id !== except)
  if (newest) await makeDefault(trx, user_id, newest.id)
}
