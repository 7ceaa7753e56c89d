import { z } from 'zod'
import { GRADES } from '../../domain/grade.ts'
import {
  cents,
  clearable,
  day,
  id,
  int,
  listOf,
  milliseconds,
  name,
  oneOf,
  optional,
  shopsMoney,
  text,
} from '../../http/fields.contract.ts'

/** The price matrix as a sheet: a row for each model and storage, a column for each grade. */

const byGrade = <T extends z.ZodType>(cell: T) => z.object({ A: cell, B: cell, C: cell, D: cell, E: cell })

/** What is paid now, and the next price that is planned; null is no price. */
const Price = z.object({
  price_cents: cents().nullable(),
  since: milliseconds().nullable(),
  next: z.object({ price_cents: cents().nullable(), at: milliseconds() }).nullable(),
})

/** What units of a model did in the last 90 days: of one grade, or of all. */
const figures = {
  sold: int(),
  /** The middle of what they sold for; null where none was sold. */
  sold_cents: shopsMoney(cents().nullable()),
  bought: int(),
  /** What they were bought for, on average. */
  bought_cents: shopsMoney(cents().nullable()),
  /** In stock now. */
  here: int(),
}

export const SheetRow = z.object({
  brand_id: id(),
  brand_name: text(),
  model: text(),
  /** Null for any. */
  storage: text().nullable(),
  /** The type of device that the catalogue has the model as. */
  device_type: text().nullable(),
  prices: byGrade(Price),
  ...figures,
  /** Of grades that have any. */
  by_grade: z.array(z.object({ condition: oneOf(GRADES), ...figures })),
})
export const PriceSheet = z.object({ rows: z.array(SheetRow) })

/** A price that is left out stays; null is none any more. */
export const NewPrices = z.object({
  /** The day that they count from; at once where it is left out. */
  from: optional(day()),
  rows: listOf(
    z.object({
      brand_id: id(),
      model: name(),
      storage: optional(text({ max: 100 })),
      prices: byGrade(clearable(cents())),
    }),
    { max: 10_000 },
  ),
})
export const PricesSet = z.object({ changed: int(), from: milliseconds() })

export const HistoryQuery = z.object({
  brand_id: id(),
  model: text({ max: 200 }),
  storage: optional(text({ max: 100 })),
  condition: oneOf(GRADES),
})
export const PriceHistory = z.array(
  z.object({
    id: id(),
    price_cents: cents(),
    valid_from: milliseconds().nullable(),
    valid_until: milliseconds().nullable(),
  }),
)

/** How amounts are written: with a comma, cells are parted by semicolons. */
export const CsvQuery = z.object({ decimal: optional(oneOf(['point', 'comma'])) })
