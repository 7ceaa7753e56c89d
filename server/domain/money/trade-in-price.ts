import type { Grade } from '../grade.ts'
import { share } from './spread.ts'

/**
 * What the shop pays for a used device: the price matrix of brand, model, storage and grade, less deductions, less the
 * service fee of the store API. One rule for it, the counter and head office. Amounts in cents, instants in ms.
 */

/** From and until an instant, null without beginning or end. */
export type Dated = { valid_from: number | null; valid_until: number | null }

/** A line of the price matrix of one model; `storage_key` is '' for any storage. */
export type PriceEntry = Dated & { storage_key: string; condition: Grade; price_cents: number }

/** What is taken off for a fault: an amount, or tenths of a percent of the price. */
export type Deduction = Dated & { name: string; amount_cents: number | null; percent_tenths: number | null }

export type Offer = {
  /** Before deductions. */
  base_cents: number
  /** Where the base comes from: the shop's price matrix, or the documents' default. */
  source: 'matrix' | 'default'
  deductions: { name: string; amount_cents: number }[]
  /** The base less deductions, never below 0. */
  estimated_cents: number
  fee_cents: number
  /** What the customer gets, never below 0. */
  net_cents: number
}

export type OfferAsked = {
  /** The oldest first. */
  entries: readonly PriceEntry[]
  deductions?: readonly Deduction[]
  storage: string | null
  condition: Grade
  now: number
}

const FEE_CENTS = 5_000
const DEFAULT_CENTS: Record<Grade, number> = { A: 80_000, B: 60_000, C: 40_000, D: 25_000, E: 10_000 }
/** Tenths of the default for a storage size (as decided for estimates). */
const DEFAULT_TENTHS: Record<string, number> = {
  '64GB': 9,
  '128GB': 10,
  '256GB': 12,
  '512GB': 15,
  '1TB': 20,
  '2TB': 24,
}

/** What is offered at the counter: what the matrix says, less deductions, and no fee (money.md 7.1). */
export type MatrixOffer = Pick<Offer, 'base_cents' | 'deductions'> & { price_cents: number }

/** The offer of the store API for a device of this storage and grade. `entries` are the matrix lines of its brand and model. */
export function tradeInOffer(asked: OfferAsked): Offer {
  const key = storageKey(asked.storage)
  const made = matrixOffer(asked)
  const usual = (DEFAULT_CENTS[asked.condition] * (DEFAULT_TENTHS[key] ?? 10)) / 10
  const { price_cents, ...offer } = made ?? lessDeductions(usual, asked)
  return {
    ...offer,
    source: made ? 'matrix' : 'default',
    estimated_cents: price_cents,
    fee_cents: FEE_CENTS,
    net_cents: Math.max(0, price_cents - FEE_CENTS),
  }
}

/** The offer of the counter; null where the matrix has no line: no price is made up. */
export function matrixOffer(asked: OfferAsked): MatrixOffer | null {
  const entry = entryFor(asked.entries, storageKey(asked.storage), asked.condition, asked.now)
  return entry ? lessDeductions(entry.price_cents, asked) : null
}

/** A base less what is taken off, never below 0; percents are of the base, each rounded once (money.md 7.2). */
export function lessDeductions(base_cents: number, { deductions = [], now }: Pick<OfferAsked, 'deductions' | 'now'>) {
  const taken = deductions
    .filter((deduction) => isValid(deduction, now))
    .map((deduction) => ({ name: deduction.name, amount_cents: deducted(deduction, base_cents) }))
  const left = taken.reduce((rest, { amount_cents }) => rest - amount_cents, base_cents)
  return { base_cents, deductions: taken, price_cents: Math.max(0, left) }
}

/** `256 gb` and `256GB` are the same; '' for none. */
export const storageKey = (storage: string | null | undefined) => (storage ?? '').toUpperCase().replaceAll(/\s/g, '')

/** The line for this very storage before one for any; of several the one that began last, and then the newest. */
function entryFor(entries: readonly PriceEntry[], key: string, condition: Grade, now: number): PriceEntry | undefined {
  const graded = entries.filter((entry) => entry.condition === condition)
  return (
    standingLine(
      graded.filter(({ storage_key }) => storage_key === key),
      now,
    ) ??
    standingLine(
      graded.filter(({ storage_key }) => storage_key === ''),
      now,
    )
  )
}

/** Of lines for the same, the oldest first, the one that counts then: which began last, and of those the newest. */
export function standingLine<Line extends Dated>(lines: readonly Line[], now: number): Line | undefined {
  const valid = lines.filter((line) => isValid(line, now))
  return valid.toReversed().toSorted((a, b) => (b.valid_from ?? SINCE_EVER) - (a.valid_from ?? SINCE_EVER))[0]
}

const SINCE_EVER = Number.MIN_SAFE_INTEGER / 2

export const isValid = ({ valid_from, valid_until }: Dated, now: number) =>
  (valid_from === null || valid_from <= now) && (valid_until === null || now < valid_until)

const deducted = ({ amount_cents, percent_tenths }: Deduction, base: number) =>
  (amount_cents ?? 0) + share(base, percent_tenths ?? 0, 1_000)
