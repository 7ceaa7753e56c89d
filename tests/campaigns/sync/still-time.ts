import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

/**
 * Has the program's short pauses end at once and its stopwatch stand still: whatever a schedule does then follows from its seed, and
 * takes no longer than the work in it. To be called before the program's modules are loaded.
 */
export function stillTime(): void {
  const atOnce = async () => {}
  Object.assign(timers, { setTimeout: atOnce, setImmediate: atOnce })
  syncBuiltinESMExports()
  performance.now = () => 0
}
