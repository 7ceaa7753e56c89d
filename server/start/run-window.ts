import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Window } from './window.ts'

/** A program that ends this soon (ms) with a failure has shown no window. */
const TOO_SOON = 4_000
/** How long a window may take to close when asked, in ms. */
const CLOSE_TIMEOUT_MS = 3_000

/**
 * Runs a program whose process lives as long as its window; null when it cannot show one. One that ends at once without a
 * failure has handed the address to a window that is open already: when that one closes cannot be known.
 */
export async function runWindow(program: string, args: string[]): Promise<Window | null> {
  const child = spawn(program, args, { stdio: 'ignore' })
  child.unref()
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code))
  })
  const waited = new AbortController()
  const early = await Promise.race([ended, pause(TOO_SOON, 'open' as const, { signal: waited.signal })])
  waited.abort()
  if (early === 'open') return { closed: ended, close: () => close(child) }
  return early === 0 ? { closed: null, close: async () => {} } : null
}

async function close(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  const late = await Promise.race([ended, pause(CLOSE_TIMEOUT_MS, 'late', { ref: false })])
  if (late === 'late') child.kill('SIGKILL')
}
