import type { Clock } from '../../server/domain/time/write-order.ts'
import type { SyncedTable } from './schema.ts'

/** Who wrote something, when and where. `at`, `actor` and `device` are null where the op is not kept any more. */
export type Author = { clock: Clock; at: number | null; actor: number | null; device: string | null }

/**
 * A value that lost against a write that did not know it: neither said that it replaces it nor said the same. The one on
 * `deleted_at` is a deletion that lost: the row is there again, and somebody should look at it. `won` holds the register now.
 */
export type Conflict = {
  entity: SyncedTable
  row_id: number
  register: string
  lost: Author & { values: Readonly<Record<string, string | number | null>> }
  won: Author
}
