import { openBell, type Pause } from '../../../server/sync/agent/bell.ts'
import { runDirection, type Step } from '../../../server/sync/agent/direction.ts'
import { failureOf } from '../../../server/sync/agent/errors.ts'
import { NotGreeted } from '../../../server/sync/agent/greeting.ts'
import { pullOnce } from '../../../server/sync/agent/pull.ts'
import { pushOnce } from '../../../server/sync/agent/push.ts'
import { type Fleet, headOf, lineOf, type Machine } from './fleet.ts'
import { OFFICE } from './machines.ts'

/** The terminals left to themselves: both directions of each as the program runs them, while the line is bad at first and then good. */

/** All in ms of the fleet's time. */
const BAD_FOR = 10_000
const LEFT_FOR = 150_000
/** How often a direction looks by itself where there is nothing to do. */
const LOOK_EVERY = 100_000
const MINUTE = 60_000

type Timer = { at: number; wake(): void }

/** Nobody writes anything meanwhile: all that waits has to be sent for all that. Returns where it was not. */
export async function leftAlone(fleet: Fleet): Promise<string[]> {
  const timers: Timer[] = []
  const began = fleet.minutes * MINUTE
  const now = () => fleet.minutes * MINUTE - began
  const pause: Pause = (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const timer = { at: now() + ms, wake: resolve }
      timers.push(timer)
      signal.addEventListener('abort', () => (timers.splice(timers.indexOf(timer), 1), resolve()), { once: true })
    })
  const end = new AbortController()
  const working = fleet.terminals.filter(({ state, node }) => state === 'works' && node !== OFFICE)
  const running = working.flatMap((machine) => directionsOf(fleet, machine, pause, now, end.signal))
  for (;;) {
    await everythingWaits()
    const next = timers.toSorted((a, b) => a.at - b.at)[0]
    if (!next || next.at > LEFT_FOR) break
    fleet.minutes = (began + Math.max(now(), next.at)) / MINUTE
    for (const machine of working) machine.weather.up = now() < BAD_FOR ? 'request lost' : 'good'
    timers.splice(timers.indexOf(next), 1)
    next.wake()
  }
  end.abort()
  await Promise.all(running)
  fleet.minutes = Math.ceil(fleet.minutes)
  const isBehind = (machine: Machine) => machine.state === 'works' && headOf(machine).acked < headOf(machine).seq
  return working
    .filter(isBehind)
    .map(({ node }) => `${node} was left alone for ${LEFT_FOR / 1000} s, and has not sent all`)
}

/** All that was begun has come to a point where it waits: nothing here waits for anything but time. */
const everythingWaits = () => new Promise((resolve) => setImmediate(resolve))

function directionsOf(
  fleet: Fleet,
  machine: Machine,
  pause: Pause,
  monotonic: () => number,
  signal: AbortSignal,
): Promise<void>[] {
  const { greeting, sync } = machine
  const send = lineOf(fleet, machine)
  machine.weather.up = 'request lost'
  const steps: Step[] = [
    async () => ((await pushOnce(sync, send)).more ? 0 : LOOK_EVERY),
    async () => ((await pullOnce(sync, send)).more ? 0 : LOOK_EVERY),
  ]
  const onFailure = (thrown: unknown) => {
    const failure = failureOf(thrown instanceof NotGreeted ? thrown.cause : thrown)
    if (failure.isLine) greeting.lose()
    if (failure.needs === 'revoked') machine.state = 'shut out'
    return failure
  }
  return steps.map((step) => {
    const progress = { isAtWork: false, progressAt: 0 }
    return runDirection(
      { step, bell: openBell(pause), greeting, progress, monotonic, random: () => 0.5, onWell: () => {}, onFailure },
      signal,
    )
  })
}
