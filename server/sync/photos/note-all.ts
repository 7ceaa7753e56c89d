import { setTimeout as pause } from 'node:timers/promises'
import { hurryPhotos, notePhotos } from '../../../db/fleet/photo-needs.ts'
import { upsertLocal } from '../../../db/local.ts'
import type { Database } from '../../../db/database.ts'
import { findPhoto } from '../../shop/photos/photo-files.ts'
import { BY } from '../agent/send.ts'

/** In `upkeep`: for which life of head office, and of this machine, all pictures were noted, and how far. */
const NOTED = { name: 'photos noted' }
/** Rows of one look. */
const SLICE = 200

/**
 * Notes all pictures once for each life of head office and of this machine: those whose files are here to be sent, for head office may
 * have lost them in a restore, or never had them of a shop that was alone; the others to be fetched, where something open shows them.
 */
export function noteAllPhotos({
  database,
  data,
  signal,
}: {
  database: Database
  data: string
  signal: AbortSignal
}): (incarnation: string) => Promise<void> {
  const { db } = database
  let done: string | null = null
  return async (incarnation) => {
    const { epoch } = await db.selectFrom('self').select('epoch').executeTakeFirstOrThrow()
    const form = `${incarnation} ${epoch}`
    if (done === form) return
    const mark = db.selectFrom('upkeep').select(['form', 'after_id']).where('name', '=', NOTED.name)
    const noted = await mark.executeTakeFirst()
    const isBegun = noted?.form === form
    if (!isBegun) await database.write(BY, hurryPhotos)
    for (let after: number | null = isBegun ? noted.after_id : 0; after !== null; await pause(5)) {
      signal.throwIfAborted()
      const photos = await db
        .selectFrom('photo')
        .select(['id', 'sha256', 'deleted_at'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(SLICE)
        .execute()
      const [here, elsewhere]: [string[], string[]] = [[], []]
      for (const { sha256, deleted_at } of photos)
        if (deleted_at === null) ((await findPhoto(data, sha256)) ? here : elsewhere).push(sha256)
      after = photos.length === SLICE ? photos.at(-1)!.id : null
      const after_id = after
      await database.write(BY, async (trx) => {
        await notePhotos(trx, 'send', here)
        await notePhotos(trx, 'fetch', elsewhere)
        await upsertLocal(trx, 'upkeep', NOTED, { form, after_id })
      })
    }
    done = form
  }
}
