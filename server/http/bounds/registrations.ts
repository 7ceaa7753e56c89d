import { tooMany } from '../errors.ts'
import { isLoopback } from './sender.ts'

/** How many accounts an address may ask for in so many ms, and how many addresses are remembered. */
type RegistrationLimits = { each: number; withinMs: number; addresses: number }

/** A school or a café is one address; with all of them full there are a few megabytes to remember. */
const LIMITS: RegistrationLimits = { each: 60, withinMs: 3_600_000, addresses: 10_000 }

/** Who asked for customer accounts lately, in this run of the server. */
export type Registrations = {
  /**
   * Counts one more, whatever becomes of it: whether a phone number is known can be asked no more often either. This machine's
   * own address is not counted.
   * @throws 429 with Retry-After when there were too many
   */
  count(address: string): void
}

/** `now` in ms by a stopwatch: a clock that is set neither opens nor prolongs anything. */
export function openRegistrations(
  changes: Partial<RegistrationLimits> = {},
  now = () => performance.now(),
): Registrations {
  const { each, withinMs, addresses } = { ...LIMITS, ...changes }
  // Of each address when it asked, oldest first; the address that was quiet for longest comes first.
  const asked = new Map<string, number[]>()
  return {
    count: (address) => {
      if (isLoopback(address)) return
      const at = now()
      const lately = (asked.get(address) ?? []).filter((time) => time > at - withinMs)
      if (lately.length >= each) throw tooManyRegistrations((lately[0]! + withinMs - at) / 1_000)
      asked.delete(address)
      asked.set(address, [...lately, at])
      forgetQuiet(asked, at - withinMs, addresses)
    },
  }
}

function forgetQuiet(asked: Map<string, number[]>, since: number, most: number): void {
  for (const [address, times] of asked) {
    if (asked.size <= most && times.at(-1)! > since) return
    asked.delete(address)
  }
}

const tooManyRegistrations = (seconds: number) =>
  tooMany('too-many-registrations', 'Too many accounts were asked for from this address, try again later', seconds)

/** What both APIs document of it. */
export const REGISTRATION_REFUSALS = {
  429: { 'too-many-registrations': 'Sixty accounts were asked for from this address within the hour' },
} as const
