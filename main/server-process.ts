import { join } from 'node:path'
import { utilityProcess } from 'electron'
import type { FromServer } from '../server/start/under-shell.ts'

/** How long the server may take to finish what is at work, in ms. */
const STOP_TIMEOUT_MS = 8_000

/** The server in a process of its own. `ended` settles when it stops, asked or not. */
export type ServerProcess = { openAt: string; ended: Promise<number>; stop(): Promise<unknown> }

/**
 * Starts the server and waits until it listens.
 * @throws Error with the server's reason when it refuses to start
 */
export async function startServer(): Promise<ServerProcess> {
  const child = utilityProcess.fork(join(import.meta.dirname, 'under-shell.js'), [], {
    serviceName: 'Fixpoint server',
  })
  const ended = new Promise<number>((resolve) => child.once('exit', resolve))
  const answer = await new Promise<FromServer>((resolve) => {
    child.once('message', resolve)
    void ended.then((code) => resolve({ refused: `The server ended before it listened (code ${code}).` }))
  })
  if ('refused' in answer) {
    child.kill()
    throw new Error(answer.refused)
  }
  return {
    openAt: answer.openAt,
    ended,
    stop: () => {
      child.postMessage('stop')
      setTimeout(() => child.kill(), STOP_TIMEOUT_MS).unref()
      return ended
    },
  }
}
