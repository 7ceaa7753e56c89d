import { waitAfter } from './back-off.ts'
import type { Bell, Ring } from './bell.ts'
import type { Failure } from './errors.ts'
import type { Greeting } from './greeting.ts'
import type { HelloReply } from '../wire.ts'

/** One direction, up or down: steps one after the other, and a pause after each that failed. */

/**
 * One step; returns how long there is nothing to do, in ms: 0 for the next one at once.
 */
export type Step = (reply: HelloReply, signal: AbortSignal) => Promise<number>

/** What the watchdog looks at. `progressAt` is by the stopwatch, and in the future where silence is expected until then. */
export type Progress = { isAtWork: boolean; progressAt: number }

export type DirectionParts = {
  step: Step
  bell: Bell
  greeting: Greeting
  progress: Progress
  monotonic: () => number
  random: () => number
  onWell: () => void
  /** Says what a failure means; the last thing that is done with it. */
  onFailure: (error: unknown) => Failure
}

/** Runs until the signal; throws nothing. */
export async function runDirection(parts: DirectionParts, signal: AbortSignal): Promise<void> {
  const { step, bell, greeting, progress, monotonic, random, onWell, onFailure } = parts
  let [inARow, failedAt] = [0, -Infinity]
  while (!signal.aborted) {
    let [ms, hears]: [number, readonly Ring[]] = [0, ['news', 'line', 'person']]
    Object.assign(progress, { isAtWork: true, progressAt: monotonic() })
    try {
      ms = await step(await greeting.greet(failedAt), signal)
      inARow = 0
      onWell()
    } catch (error) {
      if (signal.aborted) return
      const failure = onFailure(error)
      failedAt = monotonic()
      ms = waitAfter(failure, ++inARow, random())
      hears = wokenBy(failure)
    }
    progress.isAtWork = false
    if (ms > 0) await bell.wait(ms, hears, signal)
  }
}

/** What head office asked for is waited for; what was written here changes nothing of what failed. */
function wokenBy({ retryAfter, isLine }: Failure): readonly Ring[] {
  if (retryAfter !== null) return []
  return isLine ? ['line', 'person'] : ['person']
}
