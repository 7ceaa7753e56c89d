import { openLog } from '../http/log.ts'
import { untilStopped } from '../until-stopped.ts'
import { type Command, configOf } from './command.ts'

/** Serves until it is told to stop (Ctrl-C or SIGTERM), then finishes what is at work and closes. */
export const serve: Command = {
  name: 'serve',
  summary: 'Serve the counter and both APIs until stopped with Ctrl-C.',
  usage: `[--port 8000] [--host 127.0.0.1] [--head-office]

  --port PORT            0 lets the system choose (FIXPOINT_PORT)
  --host ADDRESS         0.0.0.0 also serves the other machines of the network (FIXPOINT_HOST)
  --head-office          the database becomes head office, whose terminals join it by codes; it stays that from then on`,
  options: { port: { type: 'string' }, host: { type: 'string' }, 'head-office': { type: 'boolean' } },
  run: async (asked) => {
    const config = { ...configOf(asked), headOffice: asked.options['head-office'] === true }
    const { err, out } = asked.terminal
    process.stderr.on('error', () => {}) // A log that nobody can write any more does not end the server.
    // The other commands start without the whole program.
    const [{ serve: startServer }, { setupIsOpen }, { NOT_BUILT, pagesAreBuilt }] = await Promise.all([
      import('../serve.ts'),
      import('../shop/people/staff.ts'),
      import('../pages.ts'),
    ])
    const stopped = untilStopped(asked.terminal)
    const server = await startServer(config, openLog('info', { write: (line) => err(line.trimEnd()) }))
    out(`Fixpoint is ready at ${server.url}`)
    if (!pagesAreBuilt()) out(NOT_BUILT)
    if (await setupIsOpen(server.context.database.db)) out(`Create the owner's account at ${server.setupUrl}`)
    await stopped
    await server.close()
  },
}
