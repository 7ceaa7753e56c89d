import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Window } from './open-window.ts'

/** A program that ends this soon (ms) with a failure has shown no window. */
const TOO_SOON = 4_000
/** How long a window may take to close when asked, in ms. */
const PATIENCE = 3_000

/** Runs a program whose process lives as long as its window; null when it cannot show one. */
export async function runWindow(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Window | null> {
  const child = spawn(program, args, { stdio: 'ignore', env })
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code))
  })
  const early = await Promise.race([ended, pause(TOO_SOON, 'open', { ref: false })])
  if (early !== 'open' && early !== 0) return null
  return { closed: ended, close: () => close(child) }
}

async function close(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  const late = await Promise.race([ended, pause(PATIENCE, 'late', { ref: false })])
  if (late === 'late') child.kill('SIGKILL')
}
