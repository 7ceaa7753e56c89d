import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** Beyond this size the log begins anew; the one before is kept. */
const LOG_BYTES = 10_000_000
/** How long a disk that took no line is left alone, in ms. */
const RETRY_AFTER_MS = 10_000

/**
 * The log as a file of the data folder, which is there. It lies on the disk of the database: when that is full, lines are lost and counted,
 * and the server goes on.
 */
export function openLogFile(
  data: string,
  {
    most = LOG_BYTES,
    rest = RETRY_AFTER_MS,
    now = Date.now,
  }: { most?: number; rest?: number; now?: () => number } = {},
): { write(line: string): void } {
  const path = join(data, 'server.log')
  let stream: WriteStream | null = null
  let size = 0
  let lost = 0
  let tryAgain = 0

  const lose = () => {
    lost += 1
    tryAgain = now() + rest
  }
  const open = () => {
    size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > most) renameSync(path, `${path}.1`)
    if (size > most) size = 0
    const opened = createWriteStream(path, { flags: 'a', mode: 0o600 })
    opened.on('error', () => {
      if (stream === opened) stream = null // Each line that it still held says so itself.
    })
    return opened
  }
  const append = (line: string) => {
    if (stream && size > most) {
      stream.end()
      stream = null
    }
    stream ??= open()
    const before = lost
    const told =
      before > 0 ? `${JSON.stringify({ level: 40, msg: `${before} lines were lost: the disk was full` })}\n` : ''
    size += told.length + line.length
    stream.write(told + line, (error) => {
      if (error) lose()
      else lost -= before
    })
  }
  return {
    write: (line) => {
      if (!stream && now() < tryAgain) return void (lost += 1)
      try {
        append(line)
      } catch {
        lose() // The folder takes no file: what the log says of it next is how many lines that cost.
      }
    },
  }
}
