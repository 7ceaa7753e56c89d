import { inStore, type Trx } from '../../../db/handle.ts'
import { insert, remove } from '../../../db/rows.ts'
import { conflict, invalidField, notFound } from '../../http/errors.ts'
import { throwFieldErrors } from '../../http/validation.ts'
import { isStoreCode } from '../../domain/numbers.ts'
import { fieldErrorsOfLocale, ownShop } from '../shop-settings.ts'
import { addLocation, hasProducts, isCalled, listLocations } from '../stock/locations.ts'

/** What is left out is as head office has it. `code` is what its numbers begin with. */
export type NewStore = {
  code: string
  name: string
  currency?: string | undefined
  time_zone?: string | undefined
  country?: string | undefined
  tax_mode?: 'included' | 'added' | 'none' | undefined
  tax_rate?: number | undefined
  phone?: string | undefined
  address?: string | undefined
}

/**
 * Adds a store to the organisation.
 * @throws 422 for another currency than the organisation's and a code that is none, 409 where a store has the code
 */
export async function addStore(trx: Trx, { code: written, name, ...wanted }: NewStore): Promise<number> {
  const own = await ownShop(trx)
  const code = written.toUpperCase()
  if (!isStoreCode(code))
    throw invalidField(
      'store.code',
      'store-code-invalid',
      'a code is a letter, and up to seven letters and digits more',
    )
  const { currency = own.currency, time_zone = own.time_zone, country = own.country ?? undefined } = wanted
  if (currency.toUpperCase() !== own.currency)
    throw invalidField('store', 'currency-of-organisation', 'all stores of an organisation have one currency')
  throwFieldErrors(fieldErrorsOfLocale({ currency, time_zone, country }, ['body', 'store'], own.currency))
  const same = await trx
    .selectFrom('store')
    .select('id')
    .where('code', '=', code)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (same) throw conflict('store-code-taken', `There is a store ${code} already`, { code })
  const tax_mode = wanted.tax_mode ?? own.tax_mode
  const store_id = await insert(trx, 'store', {
    code,
    name,
    currency: own.currency,
    time_zone,
    country: country?.toUpperCase() ?? null,
    tax_mode,
    tax_rate: tax_mode === 'none' ? 0 : (wanted.tax_rate ?? own.tax_rate),
    phone: wanted.phone ?? null,
    address: wanted.address ?? null,
    set_up_at: trx.act.now,
  })
  const locations = await listLocations(trx).execute()
  if (!locations.some((location) => isCalled(location, name))) await addLocation(inStore(trx, store_id), { name, code })
  return store_id
}

/**
 * Takes a store away again, with the place of its goods, that came with a code which nobody used: no machine ever was of it, so that
 * no number says its code. One for which somebody works already, or where goods lie, stays.
 */
export async function removeUnusedStore(trx: Trx, store_id: number): Promise<void> {
  const machine = trx.selectFrom('node').select('id').where('store_id', '=', store_id)
  const person = trx.selectFrom('user').select('id').where('works_at', '=', store_id)
  if ((await machine.limit(1).executeTakeFirst()) || (await person.limit(1).executeTakeFirst())) return
  const places = await listLocations(trx).where('store_id', '=', store_id).execute()
  for (const { id } of places) if (await hasProducts(trx, id)) return
  for (const { id } of places) await remove(trx, 'location', id)
  await remove(trx, 'store', store_id)
}

/** @throws 404 */
export async function refuseUnknownStore(trx: Trx, store_id: number): Promise<void> {
  const store = await trx
    .selectFrom('store')
    .select('id')
    .where('id', '=', store_id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!store) throw notFound('store-not-found', 'Store not found')
}
