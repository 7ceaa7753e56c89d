import { runCli } from './cli/run.ts'

/** `npm run fixpoint -- …`: everything that is done without the counter. */
process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  input: process.stdin,
  screen: process.stderr.isTTY ? process.stderr : null,
})
