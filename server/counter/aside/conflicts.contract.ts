import { z } from 'zod'
import { flag, id, int, oneOf, optional, text } from '../../http/fields.contract.ts'
import { About, By, TOLD_COLUMNS, Value } from './told.contract.ts'

/** A value that lost against a write that did not know it. */

/** By the row, what of it, and the write that lost. */
export const ConflictKey = z.object({
  entity: text({ max: 40 }),
  row_id: id(),
  register: text({ max: 40 }),
  origin: id(),
  epoch: int(),
  seq: int(),
})

export const Conflict = ConflictKey.extend({
  about: About,
  /** What has two values: all of it is won or lost together. */
  values: z.array(z.object({ column: oneOf(TOLD_COLUMNS), lost: Value, holds: Value })),
  /** Somebody had removed it, and it is there again. */
  is_removal: flag(),
  lost_by: By,
  holds_by: By,
  /** Whether who asks may decide; and whether what lost can be written again here. */
  may_decide: flag(),
  may_restore: flag(),
})

export const ConflictList = z.object({ items: z.array(Conflict), next: int().nullable() })
/** Behind how many the list goes on. */
export const ConflictPlace = z.object({ offset: optional(int({ min: 0 })) })
