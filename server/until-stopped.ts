import { setTimeout as pause } from 'node:timers/promises'

/** How often the server looks whether the shell that npm started it by is still there, in ms. */
const PARENT_CHECK_MS = 250
/** A terminal and npm may both pass the same signal on: how long another one is not a second wish, in ms. */
const REPEAT_MS = 1_000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Resolves when this process is to stop: at Ctrl-C, SIGTERM or SIGHUP, and when npm was told to stop. npm hands a signal
 * to the shell that runs its script, and most shells end without handing it on: the server then has another parent.
 * Windows has no such signals; there Ctrl-C reaches every process of the console.
 */
export async function untilStopped({ env }: { env: NodeJS.ProcessEnv }): Promise<void> {
  const isRunByNpm = env['npm_lifecycle_event'] !== undefined && process.platform !== 'win32'
  await Promise.race(isRunByNpm ? [untilSignalled(), untilParentEnded()] : [untilSignalled()])
}

async function untilSignalled() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = () => resolve()
  for (const signal of SIGNALS) process.on(signal, stop)
  await promise
  setTimeout(() => SIGNALS.forEach((signal) => process.off(signal, stop)), REPEAT_MS).unref()
}

async function untilParentEnded() {
  const parent = process.ppid
  while (process.ppid === parent) await pause(PARENT_CHECK_MS, undefined, { ref: false })
}
