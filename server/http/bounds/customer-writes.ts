import { tooMany } from '../errors.ts'
import type { Sender } from './sender.ts'

/** How much a customer may change in so many ms, and how many customers are remembered. */
type WriteLimits = { each: number; withinMs: number; people: number }

/** More than anybody does by hand: ten a minute, all the hour. What is remembered comes to a megabyte at most. */
const LIMITS: WriteLimits = { each: 600, withinMs: 3_600_000, people: 10_000 }

/**
 * How much customers have changed lately, in this run of the server. Whoever registers alone would fill the disk with what
 * they write and write over: the journal keeps all of it.
 */
export type CustomerWrites = {
  /**
   * Counts one more, whatever becomes of it. Whoever works here is not counted, nor is this machine.
   * @throws 429 with Retry-After when there were too many
   */
  count(sender: Sender): void
}

/** `now` in ms by a stopwatch: a clock that is set neither opens nor prolongs anything. */
export function openCustomerWrites(changes: Partial<WriteLimits> = {}, now = () => performance.now()): CustomerWrites {
  const { each, withinMs, people } = { ...LIMITS, ...changes }
  /** How many from when on; whose hour began first comes first. */
  const made = new Map<string, { since: number; count: number }>()
  return {
    count: ({ who, kind, isHere }) => {
      if (kind !== 'customer' || isHere) return
      const at = now()
      const hour = made.get(who)
      if (hour && hour.since + withinMs > at) {
        if (hour.count >= each) throw tooManyChanges((hour.since + withinMs - at) / 1_000)
        hour.count += 1
        return
      }
      made.delete(who)
      made.set(who, { since: at, count: 1 })
      if (made.size > people) made.delete(made.keys().next().value!)
    },
  }
}

const tooManyChanges = (seconds: number) =>
  tooMany('too-many-changes', 'Too much was changed from this account, try again later', seconds)
