import { parseArgs } from 'node:util'
import { configFrom, UsageError } from '../config.ts'
import { reasonOf } from '../reason.ts'
import { buildPages } from './build-pages.ts'
import { openWindow } from './open-window.ts'
import { startOrFind } from './start-or-find.ts'
import { untilStopped } from '../until-stopped.ts'

/** `npm start`: builds what is missing, serves this machine's data folder, opens the counter and stops with its window. */
const say = (line: string) => void process.stdout.write(`${line}\n`)

const HELP = `Usage: npm start -- [options]

Build what is missing, serve this machine's data folder, open the counter and stop with its window.

  --port PORT            8000 unless said otherwise; 0 lets the system choose (FIXPOINT_PORT)
  --host ADDRESS         0.0.0.0 also serves the other machines of the network (FIXPOINT_HOST)
  --data DIR             the folder of the database, the secret and the files (FIXPOINT_DATA)
  --database URL         a PostgreSQL database instead of the file, postgres://… (FIXPOINT_DATABASE_URL)
  --no-window            serve alone, until Ctrl-C

Everything that is done without the counter: npm run fixpoint -- --help`

// Whoever started it reads no more: the counter goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

try {
  await start()
} catch (error) {
  const usage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
  const reason = usage ? (error as Error).message : reasonOf(error)
  if (reason === undefined) throw error
  process.stderr.write(`${reason}\n`)
  process.exitCode = usage ? 2 : 1
}

async function start() {
  const text = { type: 'string' } as const
  const words = { port: text, host: text, data: text, database: text }
  const options = { ...words, 'no-window': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  const { values } = parseArgs({ options })
  if (values.help) return say(HELP)
  const config = configFrom(process.env, values)
  const stopped = untilStopped(process)
  await buildPages(say)
  const server = await startOrFind(config)
  say(`Fixpoint ${config.version} is ready at ${server.url}`)
  if (server.setUpAt) say(`Create the owner’s account at ${server.setUpAt}`)
  say(server.own ? `Its data are in ${config.data}` : 'It was running already on this data folder.')
  const hear = server.own ? say : () => {}
  const window = values['no-window'] ? null : await openWindow(server.setUpAt ?? server.url, config.data, hear)
  if (!server.own) return
  if (!window) say('Ctrl-C stops Fixpoint.')
  await Promise.race([stopped, window?.closed ?? stopped])
  await window?.close()
  await server.close()
}
