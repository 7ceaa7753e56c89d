import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
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
