import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { CopyMessage, CopyRequest } from './copy.ts'
import { findDamage } from './quick-check.ts'

/** Copies a file for `copyDatabase` and checks the copy. */

/**
 * Pages of one step, between which the disk is free for the server. Each is brought to the disk by itself: left to the system they
 * would be written all at once, in front of the next receipt that waits for the same disk.
 */
const STEP = 1_000
/** How long the source may be locked, in ms: only while another program opens it anew. */
const LOCKED = 10_000

const send = (message: CopyMessage) => parentPort!.postMessage(message)

async function copy({ file, to }: CopyRequest): Promise<void> {
  const source = new Database(file, { timeout: LOCKED })
  const written = openSync(to, 'a', 0o600)
  try {
    source.pragma('query_only = ON')
    // Without a transaction of its own the copy would begin anew at each commit of the server, and never end beside one.
    source.exec('BEGIN')
    source.prepare('select count(*) from sqlite_schema').get()
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        fdatasyncSync(written)
        if (totalPages > 0) send({ done: 1 - remainingPages / totalPages })
        return STEP
      },
    })
    source.exec('COMMIT')
  } finally {
    source.close()
    closeSync(written)
  }
}

try {
  const wanted = workerData as CopyRequest // What `copyDatabase` gives it.
  await copy(wanted)
  send({ damage: findDamage(wanted.to) })
} catch (error) {
  const { message, code } = error as Error & { code?: string }
  send({ error: { message, code: code ?? 'SQLITE_ERROR' } })
}
