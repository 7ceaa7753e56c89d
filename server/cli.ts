import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/** `npm run fixpoint -- …`: everything that is done without the counter. */

// A third of the time to start goes into reading the sources; where the folder cannot be written, nothing is kept.
const cache = join(import.meta.dirname, '../node_modules/.cache/fixpoint')
enableCompileCache(cache)
process.env['NODE_COMPILE_CACHE'] ??= cache // For threads, which would strip their sources at each start.
const { runCli } = await import('./cli/run.ts')

// Whoever reads has gone (`… | head`): the command goes on to its end, and says no more.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  input: process.stdin,
  screen: process.stderr.isTTY ? process.stderr : null,
})
