import type { z } from 'zod'
import type { Db, Trx } from '../../../db/handle.ts'
import { patch } from '../../../db/rows.ts'
import { json } from '../../http/body.ts'
import { read, write } from '../../http/endpoint.ts'
import { invalidField } from '../../http/errors.ts'
import { admin } from '../../http/auth/permissions.ts'
import { throwFieldErrors } from '../../http/validation.ts'
import { fieldErrorsOfLocale, ownShop } from '../../shop/shop-settings.ts'
import { ShopData, ShopSettings } from './shop.contract.ts'

export const shop = [
  read(
    'GET /shop',
    { who: admin, response: ShopSettings, summary: 'The shop’s data, and which of them may change' },
    ({ db }) => settingsOf(db),
  ),

  write(
    'PUT /shop',
    { who: admin, body: json(ShopData), response: ShopSettings, summary: 'Replaces the shop’s data' },
    async ({ trx }, { body }) => {
      throwFieldErrors(fieldErrorsOfLocale(body, ['body'], (await ownShop(trx)).currency))
      await changeShop(trx, body)
      return await settingsOf(trx)
    },
  ),
]

type ShopChanges = z.output<typeof ShopData>

async function settingsOf(db: Db): Promise<z.output<typeof ShopSettings>> {
  const { terminal: _, ...own } = await ownShop(db)
  return { ...own, currency_fixed: await moneyWasTaken(db) }
}

async function changeShop(trx: Trx, wanted: ShopChanges) {
  const before = await ownShop(trx)
  const currency = wanted.currency.toUpperCase()
  if (currency !== before.currency && (await moneyWasTaken(trx)))
    throw invalidField('currency', 'currency-fixed', 'the currency is fixed once money was taken')
  const { name, time_zone, tax_mode, phone = null } = wanted
  const tax_rate = tax_mode === 'none' ? 0 : (wanted.tax_rate ?? 0)
  const taxed = tax_mode !== before.tax_mode || tax_rate !== before.tax_rate
  const former = { until: trx.act.now, mode: before.tax_mode, rate: before.tax_rate }
  await patch(trx, 'store', before.id, {
    name,
    currency,
    time_zone,
    country: wanted.country?.toUpperCase() ?? null,
    tax_mode,
    tax_rate,
    phone,
    address: wanted.address || null,
    tax_number: wanted.tax_number || null,
    opening_hours: wanted.opening_hours || null,
    terms: wanted.terms || null,
    public_address: addressFrom(wanted.public_address),
    ...(taxed && { former_taxes: JSON.stringify([...before.former_taxes, former]) }),
  })
}

/** Scheme, name and port; what stands behind them is ours to add. */
function addressFrom(written = ''): string | null {
  if (written === '') return null
  const url = URL.parse(written)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '')
    throw invalidField(
      'public_address',
      'public-address-invalid',
      'an address begins with https:// and names a computer',
    )
  return url.origin
}

async function moneyWasTaken(db: Db): Promise<boolean> {
  for (const table of ['payment_entry', 'sales_payment_entry'] as const)
    if (await db.selectFrom(table).select('id').limit(1).executeTakeFirst()) return true
  return false
}
