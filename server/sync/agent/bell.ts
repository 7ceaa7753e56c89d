/**
 * Why somebody who waits is woken: `news` were written here, the `line` has come back, or a `person` asks for it.
 */
export type Ring = 'news' | 'line' | 'person'

/** Waits some ms, or until the signal; what the time is, is a test's to say. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>

export type Bell = {
  ring(why: Ring): void
  /** Waits at most `ms`, for one of these rings or for `signal`. News that came while nobody waited for them are heard at once. */
  wait(ms: number, hears: readonly Ring[], signal: AbortSignal): Promise<void>
}

export function openBell(pause: Pause): Bell {
  let hasNews = false
  let waiting: { hears: readonly Ring[]; wake(): void } | null = null
  return {
    ring: (why) => {
      if (why === 'news') hasNews = true
      if (waiting?.hears.includes(why)) waiting.wake()
    },
    wait: async (ms, hears, signal) => {
      const woken = new AbortController()
      waiting = { hears, wake: () => woken.abort() }
      const isHeard = hasNews && hears.includes('news')
      if (!isHeard) await pause(ms, AbortSignal.any([signal, woken.signal]))
      waiting = null
      if (hears.includes('news')) hasNews = false
    },
  }
}
