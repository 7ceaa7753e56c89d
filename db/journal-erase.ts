import { setTimeout as pause } from 'node:timers/promises'
import { CompiledQuery, sql } from 'kysely'
import { type Actor, type Db, QUERY, type Trx } from './handle.ts'
import type { Database } from './open.ts'
import type { SyncedTable } from './schema.ts'

/**
 * Erases what the journal says of rows: bodies and salts go, header, digest and chain stay, so that the journal still
 * verifies and nobody can try out what was there.
 */

/** The rows whose past is to be forgotten. */
export type Forgotten = Partial<Record<SyncedTable, readonly number[]>>

type Place = { origin: number; epoch: number; seq: number }

/** Entries looked through at once; the journal has no index by row. */
const LOOK = 5_000
/** Entries erased in one transaction. */
const BATCH = 200

/** Erases the entries about `rows` that are in the journal now; returns how many had something to erase. */
export async function eraseBodies(database: Database, by: Actor, rows: Forgotten): Promise<number> {
  const places = await placesOf(database.db, rows)
  for (let start = 0; start < places.length; start += BATCH) {
    await database.write(by, (trx) => eraseAt(trx, places.slice(start, start + BATCH)))
    await pause(5)
  }
  return places.length
}

async function placesOf(db: Db, rows: Forgotten): Promise<Place[]> {
  const wanted = new Map(Object.entries(rows).map(([entity, ids]) => [entity, new Set(ids)]))
  const chains = await db.selectFrom('journal').select(['origin', 'epoch']).distinct().execute()
  const places: Place[] = []
  for (const { origin, epoch } of chains) {
    for (let seq = 0, read = LOOK; read === LOOK;) {
      const entries = await db
        .selectFrom('journal')
        .select(['origin', 'epoch', 'seq', 'entity', 'row_id', 'salt'])
        .where('origin', '=', origin)
        .where('epoch', '=', epoch)
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(LOOK)
        .execute()
      for (const entry of entries)
        if (entry.salt !== null && wanted.get(entry.entity)?.has(entry.row_id)) places.push(entry)
      read = entries.length
      seq = entries.at(-1)?.seq ?? seq
      await pause(1)
    }
  }
  return places
}

/** From now on SQLite overwrites what this program deletes, rather than leave it in the file until its place is needed. */
export async function overwriteDeleted({ engine, [QUERY]: query }: Trx): Promise<void> {
  if (engine === 'sqlite') await query.executeQuery(CompiledQuery.raw('pragma secure_delete = on'))
}

async function eraseAt(trx: Trx, places: readonly Place[]) {
  const query = trx[QUERY]
  await overwriteDeleted(trx)
  for (const { origin, epoch, seq } of places)
    await sql`update journal set before = null, after = null, salt = null where origin = ${origin} and epoch = ${epoch} and seq = ${seq}`.execute(
      query,
    )
}
