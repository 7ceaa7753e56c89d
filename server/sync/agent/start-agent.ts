import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { type Agent, runAgent } from './run-agent.ts'

/** How often it is looked what this database is: a shop becomes part of a fleet while its server runs, and leaves it. In ms. */
const LOOK_EVERY = 5_000

/**
 * Runs the agent as long as this database is a terminal's, until the server closes; `context.run.fleet` says how it goes. Returns
 * how to wait for the end.
 */
export function startAgent(context: Context): () => Promise<void> {
  const { database, log, run } = context
  let agent: Agent | null = null
  const tell = () => database.notify([{ entity: 'fleet', id: 1 }])
  const end = async () => {
    const ending = agent
    agent = run.fleet = null
    run.parent.signIn = run.photos.look = null
    run.differences = null
    if (ending && !run.closing.aborted) tell()
    await ending?.close()
  }
  const look = async () => {
    const { role } = await database.db.selectFrom('self').select('role').executeTakeFirstOrThrow()
    if (role !== 'terminal') return await end()
    if (agent) return
    const { keys, config, now } = context
    agent = run.fleet = await runAgent({ database, log, keys, now, version: config.version, photos: { config, run } })
    run.parent.signIn = agent.signIn
    run.photos.look = agent.look
    run.differences = agent.differences
    tell()
  }
  const follow = async () => {
    let said: string | null = null
    while (!run.closing.aborted) {
      try {
        await look()
        said = null
      } catch (error) {
        const { message } = error as Error
        if (message !== said) log.warn({ err: error }, 'synchronisation with head office could not begin')
        said = message
      }
      await pause(LOOK_EVERY, undefined, { signal: run.closing, ref: false }).catch(() => {}) // The server closes.
    }
    await end()
  }
  const ended = follow()
  return () => ended
}
