import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from './context.ts'
import { signingSecret } from './data-folder.ts'

/** How often it is looked whether the secret is there, in ms. */
const INTERVAL_MS = 10_000

/**
 * Sees to it until the server closes that the secret it signs with lies in its folder: with another one, made by the next start,
 * the passcodes of devices could not be read any more.
 */
export async function keepSecret({ config, database, log, run }: Context, secret: string): Promise<void> {
  if (config.secret !== null) return
  let said: string | null = null
  while (!run.closing.aborted) {
    try {
      if (database.damage() === null) signingSecret(config.data, secret)
      said = null
    } catch (error) {
      const { message } = error as Error
      if (message !== said) log.warn({ err: error }, 'the signing secret could not be laid back into its folder')
      said = message
    }
    await pause(INTERVAL_MS, undefined, { signal: run.closing, ref: false }).catch(() => {}) // The server closes.
  }
}
