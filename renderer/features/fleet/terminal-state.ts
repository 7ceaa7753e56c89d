import type { Terminal } from './requests.ts'

/** A terminal that says nothing for longer is silent: it says hello every five minutes. */
export const SILENT_AFTER_MS = 10 * 60_000
/** From here on a clock is named as wrong. */
const CLOCK_WRONG_MS = 60_000

export type TerminalState =
  | 'headOffice'
  | 'shutOut'
  | 'neverHeard'
  | 'silent'
  | 'differs'
  | 'aside'
  | 'sending'
  | 'inStep'

/** How a terminal stands, at `now` (ms), as head office sees it. */
export function stateOf({ is_head_office, revoked_at, contact }: Terminal, now: number): TerminalState {
  if (is_head_office) return 'headOffice'
  if (revoked_at !== null) return 'shutOut'
  if (contact === null) return 'neverHeard'
  if (now - contact.seen_at > SILENT_AFTER_MS) return 'silent'
  if ((contact.differs ?? 0) > 0) return 'differs'
  // Of its words here, or of ours there.
  if (contact.troubles + (contact.troubles_there ?? 0) > 0) return 'aside'
  return contact.waiting > 0 ? 'sending' : 'inStep'
}

export const isClockWrong = ({ contact }: Terminal): boolean =>
  contact !== null && Math.abs(contact.clock_offset) >= CLOCK_WRONG_MS
