import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { notFound } from '../../http/errors.ts'
import { unitsPresent } from '../../shop/stock/ledger.ts'
import { heldUnits, shownOnWeb } from '../../shop/stock/sellable.ts'
import type { UnitCard } from './stock.contract.ts'
import { deviceName } from '../../domain/text/device-name.ts'

/** A piece of stock where somebody meets it: on the page of its device and on that of its purchase. */

type Card = z.output<typeof UnitCard>

/**
 * The piece with this id, as it stands at `at`, which is as in `sellable.ts`.
 * @throws 404
 */
export async function unitCard(db: Db, id: number, at: number): Promise<Card> {
  const unit = await db
    .selectFrom('unit')
    .select(['id', 'serial_number', 'product_id'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!unit) throw notFound('unit-not-found', 'Unit not found')
  const { product_id, ...shown } = unit
  return {
    ...shown,
    in_stock: (await unitsPresent(db, [id])).has(id),
    hold_until:
      (await heldUnits(db, at, { product_ids: [product_id] })).find((held) => held.id === id)?.hold_until ?? null,
    released: await releaseOf(db, id),
    product: await productOf(db, product_id, at),
  }
}

async function releaseOf(db: Db, unit_id: number): Promise<Card['released']> {
  const release = await db
    .selectFrom('hold_release')
    .innerJoin('user', 'user.id', 'hold_release.by')
    .select(['hold_release.created_at as at', 'user.full_name as by', 'hold_release.reason'])
    .where('unit_id', '=', unit_id)
    .executeTakeFirst()
  return release ?? null
}

async function productOf(db: Db, id: number, at: number): Promise<Card['product']> {
  const product = await db
    .selectFrom('product')
    .innerJoin('brand', 'brand.id', 'product.brand_id')
    .select(['product.id', 'brand.name as brand', 'product.name', 'product.condition', 'price_cents', 'web'])
    .where('product.id', '=', id)
    .where('product.deleted_at', 'is', null)
    .executeTakeFirst()
  if (!product) return null
  const { brand, name, web, ...shown } = product
  const listed = db
    .selectFrom('product')
    .select('id')
    .where('id', '=', id)
    .where(await shownOnWeb(db, at))
  return {
    ...shown,
    title: deviceName({ brand, model: name }),
    priced: shown.price_cents > 0,
    web: web === null ? null : web === 1,
    on_web: (await listed.executeTakeFirst()) !== undefined,
  }
}
