import { configFrom } from '../../server/config.ts'
import { resumeClock } from '../../server/follow-clock.ts'
import { openLog } from '../../server/http/log.ts'
import { serve } from '../../server/serve.ts'

/**
 * The program, by a clock that whoever started it sets: `off` is how many ms it differs from this machine's. `blind` is the
 * planted fault: a stopwatch that agrees with whatever the clock says, from the last write at this instant on.
 */
export type ClockServerOptions = { data: string; url: string | null; off: number; blind: number | null }

// Only the campaign starts this, with these options.
const { data, url, off, blind } = JSON.parse(process.argv[2]!) as ClockServerOptions
let shift = off
const now = () => Date.now() + shift
let asked = 0
const server = await serve(
  {
    ...configFrom(process.env, { data, port: '0', ...(url !== null && { database: url }) }),
    bcryptCost: 4,
  },
  openLog('error', { write: (line) => void process.stderr.write(line) }),
  { now, monotonic: () => (blind === null ? performance.now() : asked++ === 0 ? blind : now()) },
)
process.on('message', (message: { off: number } | 'stop') => {
  void (message === 'stop' ? stop() : setClock(message.off))
})
process.send!({ url: server.url })

async function stop() {
  await server.close()
  process.disconnect()
}

/** Sets the clock, and does at once what the server's own look at it does a few seconds later. */
async function setClock(to: number) {
  shift = to
  server.context.database.clock.read()
  await resumeClock(server.context)
  process.send!({ set: to })
}
