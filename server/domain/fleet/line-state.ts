import type { Comparison } from './differences.ts'

/** What a terminal knows of its line to head office, as the counter shows it. */

/**
 * Why a terminal and its head office do not come together without a person:
 * - `address`: none is known, it cannot be read, or it is plain http beyond this network
 * - `certificate`: the machine that answers there does not prove that it is head office; a wrong clock looks the same
 * - `no-head-office`: what answers there is none
 * - `not-trusted`: head office does not take this machine's signature
 * - `revoked`: head office has shut this machine out; what is written here is kept there for a person to judge
 * - `fork`: head office has a later past of this machine than its data: whether another one goes on with them is being looked at
 * - `copied`: another machine goes on with a copy of these data; this one has to be enrolled anew
 * - `differs`: rows here are not as head office has them, though nothing waits: which days is told
 * - `kept-back`: what was written here stands under numbers that head office knows otherwise, and stays here; all else goes on
 * - `too-old`: this program is too old for what head office sends; what is written here still goes there
 * - `away-too-long`: head office does not keep what this machine lacks any more
 * - `refused`: head office finds what comes from here wrong
 * - `disk-full`, `damaged`: nothing can be saved here
 * - `trouble`: something in the program fails again and again; the log says what
 */
export const NEEDS_PERSON = [
  'address', 'certificate', 'no-head-office', 'not-trusted', 'revoked', 'fork', 'copied', 'kept-back', 'differs', 'too-old', 'away-too-long',
  'refused', 'disk-full', 'damaged', 'trouble',
] as const // oxfmt-ignore
export type NeedsPerson = (typeof NEEDS_PERSON)[number]

/** `down`: head office is not reached. `refused`: it is, and a person is needed before anything goes on. */
export const LINE_STATES = ['up', 'down', 'refused'] as const

/** Instants are ms since 1970. */
export type LineState = {
  line: (typeof LINE_STATES)[number]
  /** Since when it is so. */
  since: number
  /** Where head office is; null while none is known. */
  headOffice: string | null
  /** Entries of this machine that head office has not acknowledged, when the oldest of them was written, and photos that it lacks. */
  waiting: { ops: number; oldest_at: number | null; photos: number }
  /** When head office answered last, and when anything went up or came down last; null where not since the start. */
  lastContact: number | null
  lastChange: number | null
  /** Transactions from elsewhere that are here and are not applied, or not all of them. */
  troubles: { held: number; quarantined: number; parked: number }
  /** Transactions of this machine that head office has put aside. */
  asideThere: number
  needsPerson: NeedsPerson | null
  /** When this machine began anew because its data had been set back to an earlier hour; null where that was not, or long ago. */
  setBackAt: number | null
  /** Whether rows here are as head office has them. */
  comparison: Comparison
}

/** What a server says of its line while its database is a terminal's. */
export type Fleet = {
  state(): LineState
  /** Does not wait for the next try: somebody has mended something, and looks at the screen. */
  tryNow(): void
}
