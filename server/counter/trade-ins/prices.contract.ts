import { z } from 'zod'
import { GRADES } from '../../domain/grade.ts'
import {
  clearable,
  cents,
  id,
  int,
  pagingOfLongLists,
  milliseconds,
  name,
  oneOf,
  optional,
  text,
} from '../../http/fields.contract.ts'

/** Instants in ms; null or left out is without beginning or end. */
const validity = { valid_from: milliseconds().nullable(), valid_until: milliseconds().nullable() }
const wantedValidity = { valid_from: optional(milliseconds()), valid_until: optional(milliseconds()) }
const changedValidity = { valid_from: clearable(milliseconds()), valid_until: clearable(milliseconds()) }

export const TradeInPrice = z.object({
  id: id(),
  brand_id: id(),
  brand_name: text(),
  model: text(),
  /** Null for any. */
  storage: text().nullable(),
  condition: oneOf(GRADES),
  price_cents: cents(),
  ...validity,
})

export const PriceQuery = z.object({ ...pagingOfLongLists, brand_id: optional(id()) })

export const NewTradeInPrice = z.object({
  brand_id: id(),
  model: name(),
  storage: optional(text({ max: 100 })),
  condition: oneOf(GRADES),
  price_cents: cents(),
  ...wantedValidity,
})

export const TradeInPriceChanges = z.object({ price_cents: optional(cents()), ...changedValidity })

export const Deduction = z.object({
  id: id(),
  name: text(),
  amount_cents: cents().nullable(),
  /** Tenths of a percent of the price. */
  percent_tenths: int().nullable(),
  ...validity,
})

const deductionFields = { amount_cents: optional(cents()), percent_tenths: optional(int({ min: 0, max: 1_000 })) }

export const NewDeduction = z.object({ name: name(), ...deductionFields, ...wantedValidity })

export const DeductionChanges = z.object({ name: optional(name()), ...deductionFields, ...changedValidity })

export const LineId = z.object({ id: id() })
