import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Actor, type Db, QUERY, type Trx } from '../handle.ts'
import type { Database } from '../database.ts'
import { restate } from '../rows.ts'
import type { SyncedTable } from '../schema/schema.ts'

/**
 * Erases what the journal says of rows: bodies and salts go, header, digest and chain stay, so that the journal still
 * verifies and nobody can try out what was there. An entry of its own says which bodies were erased, so that a body that
 * somebody blanked past the program is found out; and the rows are stated anew, so that what is left of them is still
 * held against the journal.
 */

/** The rows whose past is to be forgotten. */
export type Forgotten = Partial<Record<SyncedTable, readonly number[]>>

/** Where an entry is. */
export type Place = { origin: number; epoch: number; seq: number }

/** What an entry of the kind `erase` says: the bodies that were erased in the same transaction. */
export type Erased = { origin: number; epoch: number; seqs: readonly number[] }

/** Entries looked through at once; the journal has no index by row. */
const LOOK = 5_000
/** Entries erased in one transaction, and rows stated anew. */
const BATCH = 200

/** Erases the entries about `rows` that are in the journal now; returns how many had something to erase. */
export async function eraseBodies(database: Database, by: Actor, rows: Forgotten): Promise<number> {
  const stale = [...(await pastOf(database.db, rows)).values()].filter((past) => !isErased(past))
  const places = stale.flatMap(({ told }) => told).toSorted((a, b) => a.seq - b.seq)
  for (let start = 0; start < places.length; start += BATCH) {
    await database.write(by, (trx) => eraseAt(trx, places.slice(start, start + BATCH)))
    await pause(5)
  }
  for (let start = 0; start < stale.length; start += BATCH) {
    await database.write(by, async (trx) => {
      for (const { entity, row_id } of stale.slice(start, start + BATCH)) await restate(trx, entity, row_id)
    })
    await pause(5)
  }
  return places.length
}

/** A row, whether anything of it was erased before, and the entries that still speak of it. */
type Past = { entity: SyncedTable; row_id: number; blank: boolean; told: (Place & { kind: string })[] }

/** Nothing is left of it but what it was when it was stated anew. */
const isErased = ({ blank, told }: Past) => blank && told.length === 1 && told[0]!.kind === 'put'

async function pastOf(db: Db, rows: Forgotten): Promise<Map<string, Past>> {
  const pasts = new Map<string, Past>()
  for (const [table, ids] of Object.entries(rows))
    for (const row_id of ids) {
      const entity = table as SyncedTable // The keys of Forgotten.
      pasts.set(`${entity} ${row_id}`, { entity, row_id, blank: false, told: [] })
    }
  const chains = await db.selectFrom('journal').select(['origin', 'epoch']).distinct().execute()
  for (const { origin, epoch } of chains) {
    for (let seq = 0, read = LOOK; read === LOOK;) {
      const entries = await db
        .selectFrom('journal')
        .select(['origin', 'epoch', 'seq', 'entity', 'row_id', 'kind', 'salt'])
        .where('origin', '=', origin)
        .where('epoch', '=', epoch)
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(LOOK)
        .execute()
      for (const { salt, entity, row_id, ...place } of entries) {
        const past = pasts.get(`${entity} ${row_id}`)
        if (salt === null && past) past.blank = true
        else past?.told.push(place)
      }
      read = entries.length
      seq = entries.at(-1)?.seq ?? seq
      await pause(1)
    }
  }
  return pasts
}

async function eraseAt(trx: Trx, places: readonly Place[]) {
  for (const { origin, epoch, seq } of places)
    await sql`update journal set before = null, after = null, salt = null where origin = ${origin} and epoch = ${epoch} and seq = ${seq}`.execute(
      trx[QUERY],
    )
  noteErased(trx, places)
}

/** Says in the journal that the bodies at `places` were erased: one entry for each chain. */
export function noteErased(trx: Trx, places: readonly Place[]): void {
  for (const [, [first, ...more]] of Map.groupBy(places, ({ origin, epoch }) => `${origin}/${epoch}`)) {
    const { origin, epoch, seq } = first!
    const erased: Erased = { origin, epoch, seqs: [seq, ...more.map((place) => place.seq)] }
    trx.act.ops.push({ entity: 'journal', row_id: seq, kind: 'erase', before: null, after: JSON.stringify(erased) })
  }
}
