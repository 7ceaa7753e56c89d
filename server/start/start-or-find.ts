import { DatabaseRefused } from '../../db/errors.ts'
import { isServed } from '../../db/file/guard.ts'
import type { Config } from '../config.ts'
import { openLog } from '../http/log.ts'
import { keptSetupCode, prepareFolder } from '../data-folder.ts'
import { serve } from '../serve.ts'
import { setupIsOpen } from '../shop/people/staff.ts'
import { openLogFile } from './log-file.ts'

/** The server that a window can be opened on. `setUpAt` is the set-up page with its code while no admin exists. */
export type Found = { url: string; setUpAt: string | null; own: boolean; close(): Promise<void> }

/**
 * Starts the server, or finds the one that serves this data folder at this address already.
 * @throws DatabaseRefused or StartRefused with the reason
 */
export async function startOrFind(config: Config): Promise<Found> {
  try {
    prepareFolder(config.data)
    const { url, setupUrl, context, close } = await serve(config, openLog('info', openLogFile(config.data)))
    const setUpAt = (await setupIsOpen(context.database.db)) ? setupUrl : null
    return { url, setUpAt, own: true, close }
  } catch (error) {
    const url = error instanceof DatabaseRefused ? await running(config) : null
    if (!url) throw error
    return { url, setUpAt: await setUpAddress(url, config.data), own: false, close: async () => {} }
  }
}

/** Where a Fixpoint answers for this data folder; null when none does at the configured address. */
async function running({ database, host, port }: Config): Promise<string | null> {
  if ('url' in database || !isServed(database.file)) return null
  const url = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`
  try {
    const reply = await fetch(`${url}/health`, { signal: AbortSignal.timeout(3_000) })
    const { status, database: engine } = (await reply.json()) as { status?: unknown; database?: unknown }
    // One whose writes are stopped by damage still shows what is there.
    return (status === 'healthy' || status === 'damaged') && engine === 'sqlite' ? url : null
  } catch {
    return null
  }
}

/** The set-up page of a running server with its code, which only the same user of the machine can read; null once it is set up. */
async function setUpAddress(url: string, data: string): Promise<string | null> {
  const code = keptSetupCode(data)
  if (code === null) return null
  const reply = await fetch(`${url}/counter/session`, { signal: AbortSignal.timeout(3_000) })
  const { setup_open } = (await reply.json()) as { setup_open?: unknown }
  return setup_open === true ? `${url}/setup#${code}` : null
}
