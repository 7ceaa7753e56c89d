import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { DatabaseRefused } from '../errors.ts'
import { checkHighWater } from './check-head.ts'
import { checkWal } from './wal/check-wal.ts'
import { checkFile, isServed, sizeOf } from './guard.ts'
import { holdOpen, refusalOf } from './look-into.ts'
import { recordCleanStop, wasStoppedCleanly } from './clean-stop.ts'
import { openWithReserve } from './reserve.ts'

/** A copy of a database file beside whoever serves it, as it was at one instant. */

export type CopyRequest = { file: string; to: string }
export type CopyMessage = { done: number } | { damage: string | null } | { error: { message: string; code: string } }

/**
 * Copies `file` to `to`, which is not there yet, and checks the copy, all in a thread of its own and inside one read
 * transaction: every write that was acknowledged before is in it, and none by half. `progress` hears 0 to 1.
 * @throws DatabaseRefused when `file` or the copy is damaged, what `signal` gives as its reason when that stops it
 */
export async function copyDatabase(
  file: string,
  to: string,
  { progress, signal }: { progress: (done: number) => void; signal: AbortSignal },
): Promise<void> {
  if (sizeOf(file) === 0) throw new DatabaseRefused(`There is no database in ${file}.`)
  const { trusted, held } = await openWithReserve(file, async () => {
    const served = isServed(file)
    if (!served) await checkWal(file)
    checkFile(file)
    if (!served) checkHighWater(file)
    return { trusted: served || wasStoppedCleanly(file), held: holdOpen(file) } // Where the disk is full, only now is there room for it.
  })
  const damage = await inThread({ file, to }, { progress, signal })
    .catch((error: unknown) => {
      throw refusalOf(file, error)
    })
    .finally(() => held.close())
  if (damage) throw new DatabaseRefused(`${file} is damaged (${damage}): a copy of it would be no backup.`)
  if (trusted) recordCleanStop(file)
}

function inThread(
  wanted: CopyRequest,
  { progress, signal }: { progress: (done: number) => void; signal: AbortSignal },
): Promise<string | null> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), { name: 'backup', workerData: wanted })
  return new Promise<string | null>((resolve, reject) => {
    const stop = () => {
      void worker.terminate().then(() => reject(signal.reason as Error), reject)
    }
    signal.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: CopyMessage) => {
      if ('done' in message) progress(message.done)
      else if ('damage' in message) resolve(message.damage)
      else reject(new Database.SqliteError(message.error.message, message.error.code))
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      signal.removeEventListener('abort', stop)
      if (!signal.aborted) reject(new Error('The thread of the copy ended before its copy'))
    })
  })
}
