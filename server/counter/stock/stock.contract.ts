import { z } from 'zod'
import { GRADES } from '../../domain/grade.ts'
import {
  cents,
  flag,
  id,
  int,
  listOf,
  pagingOfLongLists,
  shopsMoney,
  milliseconds,
  name,
  oneOf,
  optional,
  paging,
  text,
} from '../../http/fields.contract.ts'
import { rule } from '../../http/refusal.contract.ts'

const KINDS = ['receipt', 'sale', 'return', 'count', 'write-off', 'trade-in', 'purchase-return'] as const
const ORIGINS = ['purchase', 'trade-in', 'return', 'other'] as const

export const Movement = z.object({
  id: id(),
  /** Above 0 what came, below 0 what went. */
  quantity: int(),
  kind: oneOf(KINDS),
  note: text().nullable(),
  order_id: id().nullable(),
  unit_id: id().nullable(),
  serial_number: text().nullable(),
  actor_id: id().nullable(),
  actor_name: text().nullable(),
  created_at: milliseconds(),
})

export const MovementQuery = z.object(paging)

export const UnitQuery = z.object(pagingOfLongLists)

export const Unit = z.object({
  id: id(),
  serial_number: text().nullable(),
  condition: oneOf(GRADES),
  cost_cents: shopsMoney(cents().nullable()),
  origin: oneOf(ORIGINS),
  note: text().nullable(),
  in_stock: flag(),
  /** Until when nobody may sell it; null where it is not on hold. */
  hold_until: milliseconds().nullable(),
  created_at: milliseconds(),
})

/** The same where somebody meets it: what it is sold as, from when on, and whether the web shop shows that. */
export const UnitCard = z.object({
  id: id(),
  serial_number: text().nullable(),
  in_stock: flag(),
  /** Until when nobody may sell it; null where it is not on hold. */
  hold_until: milliseconds().nullable(),
  /** Who let it go before its day, and why. */
  released: z.object({ at: milliseconds(), by: text(), reason: text() }).nullable(),
  /** Null where it was taken out of the catalogue. */
  product: z
    .object({
      id: id(),
      title: text(),
      condition: oneOf(GRADES),
      price_cents: shopsMoney(cents()),
      /** Whether it has a price, for those too who do not see which. */
      priced: flag(),
      /** What the web shop was told; null: as it has a price and something to sell. */
      web: flag().nullable(),
      /** Whether the web shop shows it now. */
      on_web: flag(),
    })
    .nullable(),
})

const quantity = () => int({ min: 1, max: 1_000_000 })
const serial = () => text({ min: 1, max: 100 })
const note = optional(text({ max: 500 }))

const NewUnit = z.object({
  serial_number: optional(serial()),
  condition: optional(oneOf(GRADES)),
  cost_cents: optional(cents()),
  origin: optional(oneOf(ORIGINS)),
  note,
})

/** Pieces that are counted, or units of a serialised product. */
export const Receipt = z
  .object({ quantity: optional(quantity()), units: optional(listOf(NewUnit)), note })
  .refine(...exactlyOne('quantity', 'units'))

/** What was found: a number, or serial numbers. */
export const Count = z
  .object({ quantity: optional(int({ min: 0, max: 1_000_000 })), serial_numbers: optional(listOf(serial())), note })
  .refine(...exactlyOne('quantity', 'serial_numbers'))

/** Why it is no longer there belongs to it. */
export const WriteOff = z
  .object({ quantity: optional(quantity()), unit_ids: optional(listOf(id())), note: name({ max: 500 }) })
  .refine(...exactlyOne('quantity', 'unit_ids'))

/** Why an admin lets a unit go before its day. */
export const Release = z.object({ reason: name({ max: 500 }) })

/** What a movement leaves. */
export const Stock = z.object({ stock: int() })

/** Counted or by serial number: exactly one of the two is given. */
function exactlyOne(counted: string, named: string) {
  const holds = (body: Record<string, unknown>) => (body[counted] === undefined) !== (body[named] === undefined)
  const refusal = { path: [counted], ...rule('either-needed', `either ${counted} or ${named} is needed`) }
  return [holds, refusal] as [typeof holds, typeof refusal]
}
