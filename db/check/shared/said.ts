import type { Clock } from '../../../server/domain/time/write-order.ts'

type Written = { clock: Clock; value: unknown }

/** What the entries say of one row. */
export type Said = {
  put: { clock: Clock; fields: Record<string, unknown> } | null
  columns: Record<string, Written>
  /** The last entry whose body is gone: what it said is not known. */
  blank: Clock | null
  /** The last write of anything but whether it is hidden. */
  last: Clock | null
}

/** By row, as `table id`; stored as JSON with the position of a check. */
export type SaidOfRows = Record<string, Said>

/** What was read of the rows that are not added up, and what the journal says of them. */
export type FirstRows = { rows: Record<string, Record<string, unknown>>; said: SaidOfRows }
