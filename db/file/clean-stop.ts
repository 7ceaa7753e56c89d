import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { readHead, sizeOf } from './guard.ts'

/** Remembers how a file was left, so that the next start knows whether anybody else changed it or it was never closed. */

const markerPathOf = (file: string) => `${file}-clean`

/** Whether `file` is as the last clean stop left it. A file that does not exist yet is. */
export function wasStoppedCleanly(file: string): boolean {
  if (sizeOf(`${file}-wal`) > 0) return false
  if (sizeOf(file) === 0) return true
  try {
    return readFileSync(markerPathOf(file), 'utf8') === stateOf(file)
  } catch {
    return false
  }
}

/**
 * Notes the state of `file`; call it when this process has closed it and nothing is wrong with it. Does nothing while
 * another process has it open, whose turn it then is.
 */
export function recordCleanStop(file: string): void {
  if (sizeOf(`${file}-wal`) > 0 || sizeOf(file) === 0) return
  try {
    writeFileSync(`${markerPathOf(file)}.new`, stateOf(file), { mode: 0o600 })
    renameSync(`${markerPathOf(file)}.new`, markerPathOf(file))
  } catch {
    // A full disk: the next start checks the file, which is all that the note would have spared.
  }
}

/** Size, time of the last change and SQLite's change counter: a write of another program moves one of them. */
function stateOf(file: string): string {
  const { size, mtimeNs } = statSync(file, { bigint: true })
  return `${size} ${mtimeNs} ${readHead(file).readUInt32BE(24)}\n`
}
