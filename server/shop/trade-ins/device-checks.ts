import type { Db, Trx } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import { imeiKind } from '../../domain/imei.ts'
import { OPEN_STATUSES } from '../../domain/repair-status.ts'
import { serialKey } from '../../domain/text/fold.ts'
import { CHECK_KINDS, type CheckKind, type CheckOutcome } from '../../domain/trade-ins/device-checks.ts'
import { reservedUnits, unitsPresent } from '../stock/ledger.ts'
import { heldUnits } from '../stock/sellable.ts'

/** What is looked up about a device before it is bought, each with where and when; what nobody looked up is `not-checked`. */

export type Check = {
  kind: CheckKind
  result: CheckOutcome
  source: string | null
  reference: string | null
  at: number | null
}

type Known = { id: number; serial_number: string | null }

/** Writes down what was found, by whom it was asked. */
export const keepCheck = (
  trx: Trx,
  device_id: number,
  { kind, result, source, reference }: Omit<Check, 'at'>,
): Promise<number> =>
  insert(trx, 'check_result', { device_id, kind, result, source, reference, at: trx.act.now, by: trx.act.actor })

/** The last result of each kind, in their order; `until` leaves out what was looked up later. */
export async function lastChecks(db: Db, device_id: number, until?: number): Promise<Check[]> {
  const rows = await db
    .selectFrom('check_result')
    .select(['kind', 'result', 'source', 'reference', 'at'])
    .where('device_id', '=', device_id)
    .$if(until !== undefined, (query) => query.where('at', '<=', until!))
    .orderBy('id')
    .execute()
  const last = new Map(rows.map((row) => [row.kind, row]))
  return CHECK_KINDS.map(
    (kind) => last.get(kind) ?? { kind, result: 'not-checked' as const, source: null, reference: null, at: null },
  )
}

/** What the number itself says: an IMEI has a check digit, another number has none to look at. */
function checkDigit(serial_number: string | null): CheckOutcome {
  const kind = imeiKind(serial_number ?? '')
  return kind === 'not-an-imei' ? 'not-checked' : kind === 'valid' ? 'pass' : 'fail'
}

/** The last result of each kind, with what the number itself says. */
export const checksOf = async (db: Db, { id, serial_number }: Known, until?: number): Promise<Check[]> =>
  (await lastChecks(db, id, until)).map((check) =>
    check.kind === 'luhn' ? { ...check, result: checkDigit(serial_number) } : check,
  )

/** Where a device is that somebody wants to sell: it cannot be on the shelf, on hold or in another repair as well. */
export type Elsewhere = { where: 'stock' | 'hold' | 'repair'; name: string }

/** Null where it is nowhere here; `order_id` is the ticket that it comes from, `holds` the instant by which holds are judged. */
export async function whereElse(
  db: Db,
  { id, serial_number }: Known,
  { order_id, holds }: { order_id: number | null; holds: number },
): Promise<Elsewhere | null> {
  const units = await db
    .selectFrom('unit')
    .innerJoin('product', 'product.id', 'unit.product_id')
    .select(['unit.id', 'product.name'])
    .where((where) =>
      where.or([
        where('unit.device_id', '=', id),
        ...(serial_number ? [where('unit.serial_key', '=', serialKey(serial_number))] : []),
      ]),
    )
    .where('unit.deleted_at', 'is', null)
    .execute()
  const ids = units.map((unit) => unit.id)
  // What waits for its buyer lies here too.
  const here = (await unitsPresent(db, ids)).union(await reservedUnits(db, ids))
  const unit = units.find((one) => here.has(one.id))
  if (unit) {
    const held = (await heldUnits(db, holds)).some(({ id: other }) => other === unit.id)
    return { where: held ? 'hold' : 'stock', name: unit.name }
  }
  const repair = await db
    .selectFrom('repair_order')
    .select('ticket_number')
    .where('device_id', '=', id)
    .where('status', 'in', OPEN_STATUSES)
    .where('deleted_at', 'is', null)
    .$if(order_id !== null, (query) => query.where('id', '<>', order_id!))
    .executeTakeFirst()
  return repair ? { where: 'repair', name: repair.ticket_number } : null
}

/**
 * The last result of each kind for a device that nobody has bought yet: whether it is here is seen now, where `elsewhere` is what
 * `whereElse` found. Of a device without a number nobody knows.
 */
export const checksNow = async (db: Db, device: Known, elsewhere: Elsewhere | null): Promise<Check[]> =>
  (await checksOf(db, device)).map((check) =>
    check.kind === 'duplicate' ? { ...check, result: hereAlready(device, elsewhere), at: null } : check,
  )

function hereAlready({ serial_number }: Known, elsewhere: Elsewhere | null): CheckOutcome {
  if (elsewhere) return 'fail'
  return serial_number === null ? 'not-checked' : 'pass'
}

/** Writes down for the papers that a device which is bought was not here already, where its number tells. */
export async function keepNotHere(trx: Trx, { id, serial_number }: Known): Promise<void> {
  if (serial_number === null) return
  await keepCheck(trx, id, { kind: 'duplicate', result: 'pass', source: null, reference: null })
}
