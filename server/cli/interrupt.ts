import { StartRefused } from '../config.ts'

/** Runs `work` with a signal that Ctrl-C and SIGTERM abort, so that it can tidy up before the program ends. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = () => controller.abort(new StartRefused('Stopped. Nothing was kept of it, and nothing has changed.'))
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop)
  }
}
