import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { open, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isDiskFull } from '../errors.ts'
import { sizeOf } from './guard.ts'
import { repeat } from '../repeat.ts'

/**
 * A file beside the database that keeps room on the disk for what SQLite must make there before it can read anything: the
 * index of its log, `-shm`, which is gone after a clean stop. Where the disk is full to the last byte the reserve is given
 * up for the moment of opening, and what is left of it is taken back at once.
 */

/** Its length. An index takes 32 kB for each 16 MB of log. */
export const RESERVE_BYTES = 1_048_576
/** Bytes written at once. */
const PIECE = 65_536
/** How often a reserve that is too short is looked after, in ms. */
const INTERVAL_MS = 60_000

export const reserveOf = (file: string) => `${file.replace(/\.db$/, '')}.reserve`

/** Opens something of `file`'s, if need be in the room of the reserve. `attempt` leaves nothing open when it fails. */
export async function openWithReserve<T>(file: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!isDiskFull(error) || sizeOf(reserveOf(file)) === 0) throw error
  }
  rmSync(reserveOf(file), { force: true })
  try {
    return await attempt()
  } finally {
    await fillReserve(file, 0)
  }
}

/**
 * Brings the reserve to its length: with a `spare` of 0 as far as the disk goes, otherwise only where so many bytes more are
 * free, so that it takes nothing from writes that wait for room.
 */
export async function fillReserve(file: string, spare: number): Promise<void> {
  const missing = RESERVE_BYTES - sizeOf(reserveOf(file))
  if (missing <= 0) return
  if (spare > 0 && (await freeBeside(file)) < missing + spare) return
  try {
    await append(reserveOf(file), missing)
  } catch (error) {
    if (!isDiskFull(error)) throw error // It is as long as the disk lets it be.
  }
}

async function freeBeside(file: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(file))
  return bavail * bsize
}

/** Random bytes: what a disk can compress keeps no room. */
async function append(path: string, bytes: number) {
  const handle = await open(path, 'a', 0o600)
  try {
    for (let left = bytes; left > 0; left -= PIECE) await handle.appendFile(randomBytes(Math.min(left, PIECE)))
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** Keeps the reserve at its length until `stop`. `onError` hears once why it cannot be, and no more until it was. */
export function keepReserve(file: string, onError: (error: Error) => void): { stop(): Promise<void> } {
  let told = false
  return repeat(INTERVAL_MS, async () => {
    try {
      await fillReserve(file, RESERVE_BYTES)
      told = false
    } catch (error) {
      if (!told) onError(error as Error)
      told = true
    }
  })
}
