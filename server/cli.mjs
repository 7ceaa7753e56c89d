import { loadRun } from './built.mjs'

/** `npm run fixpoint -- …`: everything that is done without the counter. */
const { runCli } = /** @type {typeof import('./cli/run.ts')} */ (await loadRun('cli'))

// Whoever reads has gone (`… | head`): the command goes on to its end, and says no more.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error
  })

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  input: process.stdin,
  screen: process.stderr.isTTY ? process.stderr : null,
})
