import type { Pause } from '../../../../server/sync/agent/bell.ts'

/** A stopwatch that goes on when a test says so, and who waits by it. */
export type Hands = {
  monotonic(): number
  pause: Pause
  /** Time goes by; whoever's wait is over is woken. */
  pass(ms: number): void
  /** The waits that are under way, in ms as they were asked for. */
  waits(): number[]
}

export function openHands(): Hands {
  let at = 0
  const waiting = new Set<{ ms: number; until: number; wake: () => void }>()
  return {
    monotonic: () => at,
    pause: async (ms, signal) => {
      if (signal.aborted) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const one = { ms, until: at + ms, wake: resolve }
      waiting.add(one)
      signal.addEventListener('abort', () => resolve(), { once: true })
      await promise
      waiting.delete(one)
    },
    pass: (ms) => {
      at += ms
      for (const { until, wake } of waiting) if (until <= at) wake()
    },
    waits: () => [...waiting].map(({ ms }) => ms),
  }
}
