import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder on a disk of its own, of so many bytes; null where disks cannot be made. */
export function smallDisk(bytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-disk-'))
  const remove = () => {
    spawnSync('umount', [folder])
    rmSync(folder, { recursive: true, force: true })
  }
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]).status === 0)
    return { folder, remove }
  remove()
  return null
}

const FILLER = 'filler'

/** Fills the disk of a folder to the last byte; a second time it takes what has become free since. */
export function fillDisk(folder: string): void {
  const descriptor = openSync(join(folder, FILLER), 'a')
  try {
    for (let piece = 1_048_576; piece >= 1;) {
      try {
        writeSync(descriptor, Buffer.alloc(piece))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        piece = Math.floor(piece / 2)
      }
    }
  } finally {
    closeSync(descriptor)
  }
}

/** Gives the disk back what `fillDisk` took. */
export const freeDisk = (folder: string): void => rmSync(join(folder, FILLER))
