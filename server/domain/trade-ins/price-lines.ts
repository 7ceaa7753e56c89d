import { type Dated, isValid, standingLine } from '../money/trade-in-price.ts'

/**
 * The price of one thing over time (a model, its storage and a grade) is the lines that were written for it. A change ends
 * the line that stands and begins another: what was paid when can always be told. Instants in ms, amounts in cents.
 */

export type PriceLine = Dated & { id: number; price_cents: number }

/** What a change does to the lines that are there; null where it changes nothing. */
export type LineChange = {
  /** Lines that end when the new price begins. */
  end: number[]
  /** Lines that were to begin at that very instant, and never count now. */
  remove: number[]
  /** Null where nothing is paid any more. */
  add: (Dated & { price_cents: number }) | null
}

/**
 * The change to this price from an instant on, or to none. What was planned for later stays, and the new line ends there.
 * `lines` are those for the same thing, the oldest first.
 */
export function changeOf(lines: readonly PriceLine[], price_cents: number | null, from: number): LineChange | null {
  const standing = lines.filter((line) => isValid(line, from))
  if ((standingLine(standing, from)?.price_cents ?? null) === price_cents) return null
  const begins = ({ valid_from }: PriceLine) => valid_from === from
  const later = lines.flatMap(({ valid_from }) => (valid_from !== null && valid_from > from ? valid_from : []))
  return {
    end: standing.filter((line) => !begins(line)).map(({ id }) => id),
    remove: standing.filter(begins).map(({ id }) => id),
    add:
      price_cents === null
        ? null
        : { price_cents, valid_from: from, valid_until: later.length === 0 ? null : Math.min(...later) },
  }
}

/** The price that counts now, since when, and the next one that is planned; a price of null is none. */
export function priceNow(lines: readonly PriceLine[], now: number) {
  const standing = standingLine(lines, now)
  const price_cents = standing?.price_cents ?? null
  const instants = lines.flatMap(({ valid_from, valid_until }) => [valid_from ?? now, valid_until ?? now])
  const next = instants
    .filter((at) => at > now)
    .toSorted((a, b) => a - b)
    .map((at) => ({ price_cents: standingLine(lines, at)?.price_cents ?? null, at }))
    .find((then) => then.price_cents !== price_cents)
  return { price_cents, since: standing?.valid_from ?? null, next: next ?? null }
}
