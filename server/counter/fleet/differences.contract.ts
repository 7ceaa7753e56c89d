import { z } from 'zod'
import { THINGS } from '../aside/told.contract.ts'
import { id, int, milliseconds, oneOf, text } from '../../http/fields.contract.ts'

/** Rows that are not as head office has them, though nothing waits. */

const Day = {
  /** The table, as the program calls it. */
  entity: text(),
  /** In days since 1970, by UTC: the day on which the rows were made. */
  day: int({ min: 0, max: 100_000 }),
}

export const DayOfRows = z.object(Day)

const Differing = z.object({
  ...Day,
  thing: oneOf(THINGS),
  /** How many are other at head office, are there alone, and are here alone. */
  other: int(),
  lacking: int(),
  only_here: int(),
  /** The first of those that are here alone, by name or number; `sends`: this machine may say them to head office. */
  rows: z.array(z.object({ id: id(), name: text(), sends: z.boolean() })),
})

/** What the last comparison came to; instants are null where it was not compared since the start. */
export const Differences = z.object({
  compared_at: milliseconds().nullable(),
  same_at: milliseconds().nullable(),
  differs: z.array(Differing),
  /** More days differ than are told. */
  more: z.boolean(),
})

/**
 * `left`: so many stay as they are here, since this machine's own journal proves them; they may be sent. `more`: the rest of the day is
 * taken when it is asked for again.
 */
export const TakenDay = z.object({ changed: int(), came: int(), left: int(), only_here: int(), more: z.boolean() })

export const SentDay = z.object({ sent: int() })
