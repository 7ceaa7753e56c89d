import { z } from 'zod'
import { CLOCK_STATES } from '../../domain/time/clock-judgement.ts'
import { milliseconds, oneOf } from '../../http/fields.contract.ts'

/** The clock of the server's machine, and whether it can be right. */
export const Clock = z.object({
  state: oneOf(CLOCK_STATES),
  /** What the machine's clock says. */
  says: milliseconds(),
  /** What a write of now bears: while the clock is contradicted, time goes on from the last write. */
  now: milliseconds(),
  /** What the last entry of the journal bears, while the clock is in doubt: whoever signs in compares both. Else null. */
  last_write: milliseconds().nullable(),
})

/** What the clock said when it was confirmed, as the page showed it. */
export const ConfirmedClock = z.object({ says: milliseconds() })
