import { setTimeout as pause } from 'node:timers/promises'
import { photosToDrop, settlePhoto } from '../../../db/fleet/photo-needs.ts'
import type { Context } from '../../context.ts'
import { withoutPhotos } from '../../shop/photos/photos.ts'

/** Files of pictures whose last row has gone because another machine took it away, or erased it. */

type Dropping = Pick<Context, 'config' | 'database'> & { run: Pick<Context['run'], 'photoFileLock'> }

const BY = { actor: null, device: null, act: 'sync' }
const AT_ONCE = 50

/** Removes them: each only where no row names it by now. */
export async function dropPhotoFiles({ config, database, run }: Dropping): Promise<void> {
  const { db } = database
  for (;;) {
    const hashes = await photosToDrop(db, AT_ONCE)
    if (hashes.length === 0) return
    await withoutPhotos({ data: config.data, db, lock: run.photoFileLock }, hashes, async () => {})
    await database.write(BY, async (trx) => {
      for (const sha256 of hashes) await settlePhoto(trx, { sha256, direction: 'drop' })
    })
    await pause(5)
  }
}

/** After a failure: a disk that is full for a moment. In ms. */
const AGAIN_IN = 60_000

/** Sees to that after each commit that wrote rows of pictures, whoever brought it, and once when the program starts. */
export function followDroppedPhotos({ config, database, log, run }: Context): void {
  let [isAtWork, isAsked] = [false, false]
  let said: string | null = null
  const work = async () => {
    isAsked = true
    if (isAtWork) return
    isAtWork = true
    while (isAsked && !run.closing.aborted) {
      isAsked = false
      try {
        await dropPhotoFiles({ config, database, run })
        said = null
      } catch (error) {
        if (run.closing.aborted) break
        const { message } = error as Error
        if (message !== said) log.warn({ err: error }, 'files of photos whose rows have gone could not be removed')
        said = message
        isAsked = true
        await pause(AGAIN_IN, undefined, { signal: run.closing, ref: false }).catch(() => {}) // The server closes.
      }
    }
    isAtWork = false
  }
  const stop = database.onCommit((rows) => {
    if (rows.some(({ entity }) => entity === 'photo')) void work()
  })
  run.closing.addEventListener('abort', stop)
  void work()
}
