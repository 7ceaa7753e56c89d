import { z } from 'zod'
import { flag, id, int, milliseconds, oneOf, optional } from '../../http/fields.contract.ts'
import { About, TOLD_COLUMNS, Value } from './told.contract.ts'

/** Two rows that may be one thing, side by side. */

/** Tables whose rows are found twice. */
export const TWICE = ['user', 'device', 'brand', 'device_type', 'problem', 'model'] as const

const Side = z.object({
  id: id(),
  about: About,
  /** Where it was added (`S2-T1`), and when. */
  terminal: About.shape.name,
  added_at: milliseconds(),
})

export const Pair = z.object({
  entity: oneOf(TWICE),
  /** What a person would say that they are one of. */
  kind: oneOf(['person', 'device', 'catalogue']),
  /** The earlier one first: look-ups take the later one for it. */
  sides: z.array(Side),
  /** What each says, and whether it is the same. */
  values: z.array(z.object({ column: oneOf(TOLD_COLUMNS), each: z.array(Value), is_same: flag() })),
  /** Whether who asks may say here what they are; and whether at this machine nobody may, because head office says it. */
  may_tell: flag(),
  is_offices: flag(),
})

export const PairList = z.object({ items: z.array(Pair), next: int().nullable() })
/** Behind how many pairs the list goes on. */
export const PairPlace = z.object({ offset: optional(int({ min: 0 })) })

/** What somebody says of two rows. */
export const PairWord = z.object({ entity: oneOf(TWICE), one: id(), other: id(), said: oneOf(['same', 'apart']) })
