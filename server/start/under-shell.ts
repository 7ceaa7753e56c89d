import { DatabaseRefused } from '../../db/errors.ts'
import { configFrom, StartRefused, UsageError } from '../config.ts'
import { startOrFind } from './start-or-find.ts'

/** What the shell hears: where to open its window, or why there is nothing to open. */
export type FromServer = { openAt: string } | { refused: string }

/** The part of Electron's `process.parentPort` that is used here. */
type Shell = { postMessage(message: FromServer): void; once(event: 'message', heard: () => void): void }

/** The server as the shell's child process: says where it listens and stops at the shell's first word. */
const { parentPort: shell } = process as unknown as { parentPort: Shell }

try {
  const server = await startOrFind(configFrom(process.env))
  shell.once('message', () => void server.close().then(() => process.exit(0)))
  shell.postMessage({ openAt: server.setUpAt ?? server.url })
} catch (error) {
  const expected = error instanceof DatabaseRefused || error instanceof StartRefused || error instanceof UsageError
  shell.postMessage({ refused: expected ? error.message : 'The server could not start; its log says why.' })
  if (!expected) throw error
}
