import type { Trx } from '../../../db/handle.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import type { NotNow, TakenDay } from '../../domain/fleet/differences.ts'

/** What a person at a terminal does about rows that are not as head office has them; whoever talks to head office says how. */

/** Rows of one table that were made on one day, in days since 1970 (UTC). */
export type DayOfRows = { entity: SyncedTable; day: number }

/** Writes as the person does. */
export type WriteBy = <T>(run: (trx: Trx) => Promise<T>) => Promise<T>

/** Nothing was taken or sent. */
export class CannotCompare extends Error {
  readonly reason: NotNow
  constructor(reason: NotNow, cause: unknown) {
    super(`Rows cannot be compared with head office now: ${reason}`, { cause })
    this.reason = reason
  }
}

export type Differences = {
  /**
   * Takes the rows of a day as head office has them; those that are here alone stay, and what this machine's own journal proves.
   * @throws CannotCompare
   */
  take(day: DayOfRows, write: WriteBy): Promise<TakenDay>
  /**
   * Says the rows of a day anew that head office has not and that this machine minted, and those that are other there though this
   * machine's own journal proves them; returns how many.
   * @throws CannotCompare
   */
  send(day: DayOfRows, write: WriteBy): Promise<number>
}
