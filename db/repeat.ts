import { setTimeout as pause } from 'node:timers/promises'

/** Does `work` now and again, `everyMs` after its end, until `stop`, which waits for the one under way. Keeps no process alive. */
export function repeat(everyMs: number, work: () => Promise<void> | void): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const { signal } = stopped
  const run = async () => {
    while (!signal.aborted) {
      await work()
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => {}) // Stopped.
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopped.abort()
      await running
    },
  }
}
