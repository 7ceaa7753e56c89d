import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '../handle.ts'
import type { JournalTable, SyncedTable } from '../schema/schema.ts'
import { idSince } from '../fleet/id-alias.ts'
import { isArchived, namesInArchive } from './archive.ts'
import { type Block, BlockDamaged, type BlockEntry, entriesOf, isBlock } from './block.ts'
import { readShapes, type Shapes } from './shapes.ts'

/** Reads entries of the journal, whichever form they have. */

/** A stretch of a chain: the entries after `after`, up to `upTo`. */
export type Stretch = { origin: number; epoch: number; after: number; upTo?: number }

/** Rows read at once. */
const BATCH = 200

/** What becomes of a block that cannot be read: its entries are passed over where this does not throw. */
type OnDamage = (block: Block, damage: BlockDamaged) => Promise<void>

const refuse: OnDamage = async (_, damage) => {
  throw damage
}

/** The entries of some rows of the journal. @throws BlockDamaged */
async function entriesIn(db: Db, rows: readonly JournalTable[], onDamage = refuse): Promise<BlockEntry[]> {
  const shapes = rows.some(isBlock) ? await readShapes(db) : null
  const entries: BlockEntry[] = []
  for (const row of rows) entries.push(...(isBlock(row) ? await entriesOfBlock(row, shapes!, onDamage) : [row]))
  return entries
}

async function entriesOfBlock(block: Block, shapes: Shapes, onDamage: OnDamage): Promise<readonly BlockEntry[]> {
  try {
    return entriesOf(block, shapes)
  } catch (error) {
    if (!(error instanceof BlockDamaged)) throw error
    await onDamage(block, error)
    return []
  }
}

/** The number of the last entry of a chain that the journal has; 0 where it has none. */
export async function lastInJournal(db: Db, { origin, epoch }: Pick<Stretch, 'origin' | 'epoch'>): Promise<number> {
  const entries = db.selectFrom('journal').select('seq').where('origin', '=', origin).where('epoch', '=', epoch)
  return (await entries.orderBy('seq', 'desc').limit(1).executeTakeFirst())?.seq ?? 0
}

/** The entries of a stretch, in their order; others have their turn in between. @throws BlockDamaged */
export async function* entriesBetween(
  db: Db,
  { origin, epoch, after, upTo = Number.MAX_SAFE_INTEGER }: Stretch,
  onDamage = refuse,
) {
  for (let seq = after, read = BATCH; read === BATCH; await pause(1)) {
    const rows = await db
      .selectFrom('journal')
      .selectAll()
      .where('origin', '=', origin)
      .where('epoch', '=', epoch)
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(BATCH)
      .execute()
    for (const entry of await entriesIn(db, rows, onDamage)) {
      if (entry.seq > upTo) return
      // What was read as entries may be a block by now.
      if (entry.seq > seq) yield entry
    }
    read = rows.length
    seq = rows.at(-1)?.seq ?? seq
  }
}

/** The last row of each table that a stretch speaks of; entries by themselves are not read one by one. @throws BlockDamaged */
export async function lastOfEachTable(db: Db, { origin, epoch, after, upTo = Number.MAX_SAFE_INTEGER }: Stretch) {
  const rows = db
    .selectFrom('journal')
    .where('origin', '=', origin)
    .where('epoch', '=', epoch)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
  const blocks = await rows.where('kind', '=', 'block').selectAll().execute()
  const alone = await rows
    .where('kind', '!=', 'block')
    .select((e) => ['entity', e.fn.max('row_id').as('row_id')])
    .groupBy('entity')
    .execute()
  const last = new Map<string, number>()
  for (const { entity, row_id } of [...(await entriesIn(db, blocks)), ...alone])
    last.set(entity, Math.max(last.get(entity) ?? 0, row_id))
  return [...last].map(([entity, id]) => ({ entity, id }))
}

/** All entries, chain by chain. @throws BlockDamaged */
export async function* allEntries(db: Db) {
  for (const chain of await chainsOf(db)) yield* entriesBetween(db, { ...chain, after: 0 })
}

/** The chains of which the journal has anything, in the order of their origins and epochs. */
export const chainsOf = (db: Db) =>
  db.selectFrom('journal').select(['origin', 'epoch']).distinct().orderBy('origin').orderBy('epoch').execute()

/** Rows of tables, by their ids. */
type Rows = Partial<Record<SyncedTable, readonly number[]>>

/**
 * The entries about these rows. The whole journal is read for it: where its index by row lacks one, a body would stay for good.
 * A block that cannot be read is passed over as long as the index says that it speaks of none of them. In an archive they are found
 * by what they were called there, and named as they are now.
 * @throws BlockDamaged where it does
 */
export async function* entriesAbout(db: Db, rows: Rows) {
  const wanted = new Map(Object.entries(rows).map(([table, ids]) => [table, new Map(ids.map((id) => [id, id]))]))
  const former = await namesInArchive(db, rows)
  for (const chain of await chainsOf(db)) {
    const named = isArchived(chain) ? former : wanted
    const passOver = async (block: Block, damage: BlockDamaged) => {
      if (await isIndexedAt(db, block, named)) throw damage
    }
    for await (const entry of entriesBetween(db, { ...chain, after: 0 }, passOver)) {
      const row_id = named.get(entry.entity)?.get(entry.row_id)
      if (row_id !== undefined) yield { ...entry, row_id }
    }
  }
}

/**
 * The carts that an older program told the journal to be these people's. By the journal, not by the rows: those may be gone
 * already, where an erasure was killed or a migration took out what had been removed.
 * @throws BlockDamaged for a block that cannot be read and may speak of carts
 */
export async function cartsToldOf(db: Db, people: readonly number[]): Promise<number[]> {
  const carts = new Set<number>()
  const passOver = async (block: Block, damage: BlockDamaged) => {
    if ((await indexedAt(db, block)).some(({ entity }) => entity === 'cart')) throw damage
  }
  const former = (await namesInArchive(db, { user: people })).get('user')!
  for (const chain of await chainsOf(db))
    for await (const { entity, row_id, after } of entriesBetween(db, { ...chain, after: 0 }, passOver)) {
      if (entity !== 'cart' || after === null) continue
      const { user_id } = JSON.parse(after) as { user_id?: number } // As that program wrote it.
      const isTheirs = isArchived(chain) ? former.has(user_id!) : people.includes(user_id!)
      if (isTheirs) carts.add((isArchived(chain) && (await idSince(db, 'cart', row_id))) || row_id)
    }
  return [...carts]
}

/** Whether the index says that a block speaks of one of `rows`. */
async function isIndexedAt(
  db: Db,
  block: Block,
  rows: ReadonlyMap<string, ReadonlyMap<number, number>>,
): Promise<boolean> {
  const named = await indexedAt(db, block)
  return named.some(({ entity, row_id }) => rows.get(entity)?.has(row_id))
}

const indexedAt = (db: Db, { origin, epoch, seq }: Block) =>
  db
    .selectFrom('journal_row')
    .innerJoin('journal_shape', 'journal_shape.id', 'journal_row.entity')
    .select(['journal_shape.entity', 'journal_row.row_id'])
    .where('journal_row.origin', '=', origin)
    .where('journal_row.epoch', '=', epoch)
    .where('journal_row.seq', '=', seq)
    .execute()
