import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Brings a folder's names to the disk: a file that was renamed is lost with them. Windows cannot, and does so itself. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
