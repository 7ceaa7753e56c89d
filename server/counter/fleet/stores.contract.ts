import { z } from 'zod'
import { SPANS } from '../../domain/time/shop-period.ts'
import { day, id, int, milliseconds, oneOf, optional, text } from '../../http/fields.contract.ts'

/** A day, or the week or month in which it lies; today at each store where no day is named. */
export const StoresQuery = z.object({ span: optional(oneOf(SPANS)), day: optional(day()) })

/** Money that came in and went back by one method, in cents; `went_back_cents` is 0 or below. */
const Takings = z.object({
  /** As payments name it; null for those that name none. */
  method: text().nullable(),
  came_in_cents: int(),
  went_back_cents: int(),
  taken_cents: int(),
})

/** What is counted of a store, and of all of them. */
const Figures = z.object({
  /** Method by method; what was taken most by comes first. */
  takings: z.array(Takings),
  came_in_cents: int(),
  went_back_cents: int(),
  taken_cents: int(),
  /** What was paid for devices bought in, 0 or above, and how many they were, less those that were given back. */
  bought_cents: int(),
  bought: int(),
  /** Repairs as they are now. */
  open: int(),
  repairing: int(),
  overdue: int(),
  ready: int(),
  owed: int(),
  owed_cents: int(),
  /** Pieces in stock, what they are sold for, and what bought-in units among them have cost. */
  pieces: int(),
  stock_cents: int(),
  units: int(),
  units_cost_cents: int(),
  /** Terminals that are in, and what of theirs has not arrived or is put aside. */
  terminals: int(),
  waiting: int(),
  troubles: int(),
})

const Store = Figures.extend({
  id: id(),
  code: text(),
  name: text(),
  /** The days that are counted, by the store's own clocks: until when, the end not in it. */
  from: milliseconds(),
  until: milliseconds(),
  /** When head office heard of its terminals: of each one something that is not older. Null while one was never heard. */
  heard_at: milliseconds().nullable(),
})

export const Stores = z.object({
  span: oneOf(SPANS),
  day: text(),
  currency: text(),
  stores: z.array(Store),
  total: Figures,
})
