import { z } from 'zod'
import { LINE_STATES, NEEDS_PERSON } from '../../domain/fleet/line-state.ts'
import { int, milliseconds, oneOf, text } from '../../http/fields.contract.ts'

/** This machine's line to head office, and what waits for it; null where there is none. */
export const Line = z
  .object({
    line: oneOf(LINE_STATES),
    since: milliseconds(),
    /** Where head office is; null while none is known. */
    head_office: text().nullable(),
    waiting: z.object({ changes: int(), oldest_at: milliseconds().nullable(), photos: int() }),
    last_contact: milliseconds().nullable(),
    /** What came from elsewhere and is not applied here. */
    troubles: z.object({ held: int(), quarantined: int(), parked: int() }),
    /** What head office has put aside of what was done here: a person there has to look at it. */
    aside_there: int(),
    needs: oneOf(NEEDS_PERSON).nullable(),
    /** When this machine began anew because its data had been set back to an earlier hour. */
    set_back_at: milliseconds().nullable(),
    /** When rows here were as head office has them last, and of how many tables and days they are not. */
    same_at: milliseconds().nullable(),
    differs: int(),
  })
  .nullable()

/** What somebody did, as they would call it. */
export const WORK_KINDS = ['payments', 'repairs', 'tradeIns', 'sales', 'people', 'other'] as const

/** How much of each kind was done here and waits to be sent; nothing where it is too much to be told apart. */
export const WaitingWork = z.array(z.object({ kind: oneOf(WORK_KINDS), count: int() }))
