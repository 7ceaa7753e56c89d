import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { notFound } from '../../http/errors.ts'
import { findDocument } from '../../shop/money/documents.ts'
import { heldUnits } from '../../shop/stock/sellable.ts'
import { keptBecause } from '../../shop/trade-ins/bought.ts'
import { checksOf } from '../../shop/trade-ins/device-checks.ts'
import { declarationOf, identityOf, otherOwnerOf, printsOf } from '../../shop/trade-ins/seller-papers.ts'
import { owedRepair } from './owed-repair.ts'
import type { Purchase, PurchaseFacts } from './purchases.contract.ts'

/**
 * What was bought, for how much and by whom; `at` is as in `sellable.ts`.
 * @throws 404
 */
export async function purchaseFacts(db: Db, id: number, at: number): Promise<z.output<typeof PurchaseFacts>> {
  const { document, line, unit, ...facts } = await factsOf(db, id)
  const isOpen = document.original_id === null && document.undone_by === null
  return {
    ...facts,
    device_id: unit?.device_id ?? null,
    hold_until: (await heldUnits(db, at)).find(({ id: held }) => held === line.unit_id)?.hold_until ?? null,
    owed_repair: await owedRepair(db, await ticketOf(db, line), at),
    papers_kept: (await identityOf(db, { ...document, pickup_id: line.pickup_id })) !== null,
    kept_because:
      isOpen && line.unit_id !== null ? await keptBecause(db, { ...line, created_at: document.created_at }) : null,
  }
}

/**
 * The same with who sold it and what they declared: whoever shows it notes that.
 * @throws 404
 */
export async function purchaseView(db: Db, id: number): Promise<z.output<typeof Purchase>> {
  const { document, line, unit: _, ...facts } = await factsOf(db, id)
  return {
    ...facts,
    identity: await identityOf(db, { ...document, pickup_id: line.pickup_id }),
    declaration: await declarationOf(db, document.original_id ?? id),
  }
}

async function factsOf(db: Db, id: number) {
  const found = await findDocument(db, id)
  const { lines, ...document } = found
  const [line] = lines
  if (document.kind !== 'purchase' || !line) throw notFound('document-not-found', 'Document not found')
  const unit = await db
    .selectFrom('unit')
    .select(['serial_number', 'hold_until', 'device_id'])
    .where('id', '=', line.unit_id ?? 0)
    .executeTakeFirst()
  return {
    ...document,
    document,
    line,
    unit,
    pickup_id: line.pickup_id,
    unit_id: line.unit_id,
    title: line.title,
    serial_number: unit?.serial_number ?? null,
    hold_until: unit?.hold_until ?? null,
    checks: unit?.device_id == null ? [] : await checksOf(db, { id: unit.device_id, ...unit }, document.created_at),
    other_owner: await otherOwnerOf(db, document.original_id ?? id),
    printed: await printsOf(db, id),
  }
}

/** The ticket that the request of a purchase came from. */
async function ticketOf(db: Db, { pickup_id }: { pickup_id: number | null }): Promise<number | null> {
  if (pickup_id === null) return null
  const request = db.selectFrom('pickup_request').select('order_id').where('id', '=', pickup_id)
  return (await request.executeTakeFirst())?.order_id ?? null
}
