import { isDiskFull, isUnavailable, stopsSaving } from '../../../db/errors.ts'
import type { NeedsPerson } from '../../domain/fleet/line-state.ts'
import { ParentRefused, ReplyBroken } from './send.ts'

/** Why nothing comes of a request to head office, and what a failure means for whoever tries again. */

/**
 * - `no-line`: it cannot be reached from here, or is silent
 * - `away`: what is there closes the connection or cannot answer now: every terminal of the fleet sees the same
 * - `busy`: it says when to ask again
 * - `broken`: what answers does not speak as head office does
 * - the others need a person, and mean what `NEEDS_PERSON` says
 */
export type LineFault =
  | 'no-line'
  | 'away'
  | 'busy'
  | 'broken'
  | Extract<NeedsPerson, 'address' | 'certificate' | 'no-head-office' | 'not-trusted' | 'revoked' | 'too-old'>

/** `retryAfter` is what head office asks for, in ms. The message is ours; it bears neither tokens nor bodies. */
export class LineError extends Error {
  readonly fault: LineFault
  readonly retryAfter: number | null

  constructor(fault: LineFault, message: string, retryAfter: number | null = null) {
    super(message)
    this.fault = fault
    this.retryAfter = retryAfter
  }
}

/** What head office said is settled only by a person; both directions go by it. */
export class Stopped extends Error {
  readonly reason: NeedsPerson

  constructor(reason: NeedsPerson) {
    super(`Head office says: ${reason}`)
    this.reason = reason
  }
}

/**
 * What a failure means. `isLine`: the way to head office is to be tried first, before anything else is. `isShared`: other
 * terminals have seen the same at the same moment.
 */
export type Failure = { isLine: boolean; isShared: boolean; retryAfter: number | null; needs: NeedsPerson | null }

const PASSING: readonly LineFault[] = ['no-line', 'away', 'busy', 'broken']

/** What a failure means; nothing else is known to the one who waits. */
export function failureOf(error: unknown): Failure {
  const plain = { isLine: false, isShared: false, retryAfter: null, needs: null }
  if (error instanceof LineError) {
    const { fault, retryAfter } = error
    const needs = PASSING.includes(fault) ? null : (fault as NeedsPerson) // All the others are needs.
    return { isLine: fault !== 'busy', isShared: fault === 'away', retryAfter, needs }
  }
  if (error instanceof ReplyBroken) return { ...plain, isLine: true }
  if (error instanceof Stopped) return { ...plain, needs: error.reason }
  if (error instanceof ParentRefused) {
    const needs = needsOf(error.refused.error)
    // Which of the two pasts goes on hello tells.
    return { ...plain, isLine: needs === 'fork', needs }
  }
  if (isDiskFull(error)) return { ...plain, needs: 'disk-full' }
  if (stopsSaving(error)) return { ...plain, needs: 'damaged' }
  if (isUnavailable(error)) return plain
  return { ...plain, needs: 'trouble' }
}

function needsOf(code: string): NeedsPerson {
  if (code === 'fork' || code === 'gap') return 'fork'
  if (code === 'snapshot') return 'away-too-long'
  return 'refused'
}
