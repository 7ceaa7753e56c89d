import type { Db } from '../../../db/handle.ts'
import { parseDocumentNumber } from '../../../server/domain/numbers.ts'
import { sum } from '../../../server/domain/money/money.ts'

/** What must hold of requests, purchases and units, whatever happened to them. */

export type Found = Awaited<ReturnType<typeof read>>

/** All that is written down about them. */
export async function read(db: Db) {
  return {
    requests: await db
      .selectFrom('pickup_request')
      .select(['id', 'status', 'answered_offer_cents', 'deleted_at'])
      .orderBy('id')
      .execute(),
    offers: await db
      .selectFrom('offer')
      .select(['pickup_id', 'version', 'source', 'base_cents', 'deductions', 'price_cents'])
      .execute(),
    receipts: await db
      .selectFrom('receipt')
      .select(['id', 'number', 'total_cents', 'original_id', 'created_at'])
      .orderBy('id')
      .execute(),
    lines: await db
      .selectFrom('receipt_line')
      .select(['id', 'receipt_id', 'pickup_id', 'unit_id', 'qty', 'gross_cents', 'tax_cents'])
      .execute(),
    legs: await db.selectFrom('leg').select(['id', 'receipt_id', 'amount_cents']).execute(),
    shares: await db.selectFrom('leg_share').select(['leg_id', 'line_id', 'amount_cents']).execute(),
    units: await db
      .selectFrom('unit')
      .select(['id', 'serial_key', 'cost_cents', 'hold_until', 'purchase_receipt_id'])
      .execute(),
    movements: await db
      .selectFrom('stock_movement')
      .select(['id', 'unit_id', 'kind', 'quantity', 'created_at'])
      .where('unit_id', 'is not', null)
      .orderBy('id')
      .execute(),
    releases: await db.selectFrom('hold_release').select(['unit_id', 'created_at']).execute(),
  }
}

/**
 * What is wrong, by what should hold; nothing where all does. `known` are the requests that somebody brought to an end: where the
 * answer was lost with the server, whoever sent one began another.
 */
export function wrongs(found: Found, known: ReadonlySet<number>): Record<string, string[]> {
  return {
    'requests that came to no legal end': found.requests.flatMap((request) =>
      known.has(request.id) ? unended(found, request) : [],
    ),
    'requests that were paid more than once': found.requests.flatMap(({ id }) =>
      standing(found, id).length > 1 ? [`request ${id}`] : [],
    ),
    'offers that are not base less deductions': found.offers.flatMap(misreckoned),
    'purchases that paid another sum than the offer': found.receipts.flatMap((receipt) => mispaid(found, receipt)),
    'units in two places or none': [...misplaced(found), ...doubled(found)],
    'units moved while they were on hold': found.movements.flatMap((movement) => movedEarly(found, movement)),
    'documents whose legs are not their total': found.receipts.flatMap((receipt) => unbalanced(found, receipt)),
    'purchase numbers that are not 1 to n': gaps(found),
  }
}

type Request = Found['requests'][number]
type Receipt = Found['receipts'][number]

/** The purchases of a request that were not taken back. */
function standing({ receipts, lines }: Found, pickup_id: number): Receipt[] {
  const undone = new Set(receipts.map(({ original_id }) => original_id))
  const own = new Set(lines.filter((line) => line.pickup_id === pickup_id).map(({ receipt_id }) => receipt_id))
  return receipts.filter(({ id, original_id }) => own.has(id) && original_id === null && !undone.has(id))
}

/** Each is bought and accepted at its price, or was answered with no and not bought. */
function unended(found: Found, { id, status, answered_offer_cents, deleted_at }: Request): string[] {
  const [purchase] = standing(found, id)
  const isLegal = purchase
    ? status === 'accepted' && answered_offer_cents === purchase.total_cents && deleted_at === null
    : status === 'rejected'
  return isLegal ? [] : [`request ${id} is ${status}${purchase ? ` and bought as ${purchase.number}` : ''}`]
}

/** Nothing else is taken off at the counter, no fee above all (money.md 7.1). */
function misreckoned({ pickup_id, version, source, base_cents, deductions, price_cents }: Found['offers'][number]) {
  if (source !== 'matrix') return []
  const off = sum((JSON.parse(deductions) as { amount_cents: number }[]).map(({ amount_cents }) => amount_cents))
  const price = Math.max(0, (base_cents ?? 0) - off)
  return price === price_cents ? [] : [`offer ${version} of request ${pickup_id}: ${price_cents} and not ${price}`]
}

/** The price is that of an offer of the request, and nothing is kept of it. */
function mispaid({ lines, offers }: Found, { id, number, total_cents, original_id }: Receipt): string[] {
  const [line] = lines.filter(({ receipt_id }) => receipt_id === id)
  const prices = offers.filter(({ pickup_id }) => pickup_id === line?.pickup_id).map(({ price_cents }) => price_cents)
  const paid = original_id === null ? total_cents : -total_cents
  return prices.includes(paid) && line?.tax_cents === 0 ? [] : [`${number} paid ${paid}, offered was ${prices.join()}`]
}

/** A unit is here or not: its movements come to 1 or 0, and it went back to its seller where its purchase was taken back. */
function misplaced({ units, movements, receipts }: Found): string[] {
  const undone = new Set(receipts.map(({ original_id }) => original_id))
  return units.flatMap(({ id, purchase_receipt_id }) => {
    const moved = movements.filter(({ unit_id }) => unit_id === id)
    const here = sum(moved.map(({ quantity }) => quantity))
    const wentBack = moved.some(({ kind }) => kind === 'purchase-return')
    const isWell =
      (here === 0 || here === 1) && wentBack === undone.has(purchase_receipt_id) && !(wentBack && here === 1)
    return isWell ? [] : [`unit ${id} is here ${here} times${wentBack ? ' and went back' : ''}`]
  })
}

/** The same device is not here twice. */
function doubled({ units, movements }: Found): string[] {
  const here = units.filter(
    ({ id }) => sum(movements.filter(({ unit_id }) => unit_id === id).map(({ quantity }) => quantity)) > 0,
  )
  return [...Map.groupBy(here, ({ serial_key }) => serial_key)].flatMap(([key, same]) =>
    same.length > 1 ? [`${key} is here as units ${same.map(({ id }) => id).join()}`] : [],
  )
}

/** Nothing happens to a held unit but that it comes, and goes back to who sold it. */
function movedEarly({ units, releases }: Found, { unit_id, kind, quantity, created_at }: Found['movements'][number]) {
  if (kind === 'trade-in' || kind === 'purchase-return' || quantity > 0) return []
  const unit = units.find(({ id }) => id === unit_id)!
  const isReleased = releases.some((release) => release.unit_id === unit_id && release.created_at <= created_at)
  return created_at < (unit.hold_until ?? 0) && !isReleased ? [`unit ${unit_id}: ${kind}`] : []
}

/** E59: a document's lines come to its total, its legs to the opposite, and each leg's shares to the leg. */
function unbalanced({ lines, legs, shares }: Found, { id, number, total_cents }: Receipt): string[] {
  const gross = sum(lines.filter(({ receipt_id }) => receipt_id === id).map(({ gross_cents }) => gross_cents))
  const own = legs.filter(({ receipt_id }) => receipt_id === id)
  const settled = sum(own.map(({ amount_cents }) => amount_cents))
  const isShared = own.every(
    (leg) =>
      sum(shares.filter(({ leg_id }) => leg_id === leg.id).map((share) => share.amount_cents)) === leg.amount_cents,
  )
  return gross === total_cents && settled === -total_cents && isShared ? [] : [`${number}: ${total_cents}, ${settled}`]
}

function gaps({ receipts }: Found): string[] {
  const numbers = receipts.map(({ number }) => parseDocumentNumber(number)!.n).toSorted((a, b) => a - b)
  return numbers.flatMap((n, index) => (n === index + 1 ? [] : [`${n} is number ${index + 1}`]))
}
