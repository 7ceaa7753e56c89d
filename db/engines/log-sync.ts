import fs from 'node:fs'

/**
 * Brings the log of an SQLite file to the disk in a thread of the system's, so that the one that answers goes on meanwhile.
 * Each commit has its sync before the next transaction begins: what a power cut can tear is the last commit alone.
 */
export type LogSync = {
  /** Brings all that was committed to the disk; rejects where the disk does not take it. */
  sync(): Promise<void>
  /** Null while nothing waits for the disk; rejects for good once it did not take something. */
  pending(): Promise<void> | null
  close(): void
}

/** For what lies on no disk. */
export const NO_LOG_SYNC: LogSync = { sync: async () => {}, pending: () => null, close: () => {} }

export function openLogSync(file: string): LogSync {
  const descriptor = fs.openSync(`${file}-wal`, 'r+') // Windows syncs only what may be written.
  let isOpen = true
  let pending: Promise<void> | null = null
  return {
    sync: () => {
      const begun = new Promise<void>((resolve, reject) =>
        fs.fdatasync(descriptor, (error) => (error ? reject(error) : resolve())),
      )
      pending = begun
      begun.then(
        () => (pending = null),
        () => {}, // It stays: whatever is synced later, this was lost.
      )
      return begun
    },
    pending: () => pending,
    close: () => {
      if (isOpen) fs.closeSync(descriptor) // The number may be another file's by the second time.
      isOpen = false
    },
  }
}
