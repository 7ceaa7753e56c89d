import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

/** How often the server looks whether the shell that npm started it by is still there, in ms. */
const PARENT_CHECK_MS = 250

/**
 * Resolves when this process is to stop: at Ctrl-C, SIGTERM or SIGHUP, and when npm was told to stop. npm hands a signal
 * to the shell that runs its script, and most shells end without handing it on: the server then has another parent.
 * Windows has no such signals; there Ctrl-C reaches every process of the console.
 */
export async function untilStopped({ env }: { env: NodeJS.ProcessEnv }): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal))
  const isRunByNpm = env['npm_lifecycle_event'] !== undefined && process.platform !== 'win32'
  await Promise.race(isRunByNpm ? [...signals, untilParentEnded()] : signals)
}

async function untilParentEnded() {
  const parent = process.ppid
  while (process.ppid === parent) await pause(PARENT_CHECK_MS, undefined, { ref: false })
}
