import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '../handle.ts'
import type { JournalTable, SyncedTable } from '../schema/schema.ts'
import { type BlockEntry, entriesOf, isBlock } from './block.ts'
import { readShapes } from './shapes.ts'

/** Reads entries of the journal, whichever form they have. */

/** A stretch of a chain: the entries after `after`, up to `upTo`. */
export type Stretch = { origin: number; epoch: number; after: number; upTo?: number }

/** Rows read at once. */
const BATCH = 200

/** The entries of one row of the journal. @throws BlockDamaged */
async function entriesIn(db: Db, rows: readonly JournalTable[]): Promise<BlockEntry[]> {
  const shapes = rows.some(isBlock) ? await readShapes(db) : null
  return rows.flatMap((row) => (isBlock(row) ? entriesOf(row, shapes!) : [row]))
}

/** The entries of a stretch, in their order; others have their turn in between. @throws BlockDamaged */
export async function* entriesBetween(db: Db, { origin, epoch, after, upTo = Number.MAX_SAFE_INTEGER }: Stretch) {
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
    for (const entry of await entriesIn(db, rows)) {
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

const chainsOf = (db: Db) =>
  db.selectFrom('journal').select(['origin', 'epoch']).distinct().orderBy('origin').orderBy('epoch').execute()

/**
 * The entries that may speak of these rows, and others beside them: by the index as far as it went at the beginning, then the
 * rest of each chain. More may be packed meanwhile: each is told once all the same.
 * @throws BlockDamaged
 */
export async function* entriesAbout(db: Db, rows: Partial<Record<SyncedTable, readonly number[]>>) {
  const chains = await indexedChains(db)
  const upTo = new Map(chains.map(({ origin, epoch, indexed }) => [`${origin}/${epoch}`, indexed]))
  const isIndexed = ({ origin, epoch, seq }: BlockEntry) => seq <= (upTo.get(`${origin}/${epoch}`) ?? 0)
  for (const [table, ids] of Object.entries(rows))
    for (const id of ids)
      for (const entry of await entriesIn(db, await indexedRows(db, table, id)))
        if (entry.entity === table && entry.row_id === id && isIndexed(entry)) yield entry
  for (const { origin, epoch, indexed } of chains) yield* entriesBetween(db, { origin, epoch, after: indexed })
}

/** Each chain, and up to which entry it is indexed by row. */
async function indexedChains(db: Db) {
  const indexed = await db.selectFrom('journal_packing').selectAll().execute()
  return (await chainsOf(db)).map(({ origin, epoch }) => ({
    origin,
    epoch,
    indexed: indexed.find((chain) => chain.origin === origin && chain.epoch === epoch)?.seq ?? 0,
  }))
}

/** What of the journal speaks of a row, by the index. */
const indexedRows = (db: Db, table: string, id: number): Promise<JournalTable[]> =>
  db
    .selectFrom('journal')
    .innerJoin('journal_row', (row) =>
      row
        .onRef('journal_row.origin', '=', 'journal.origin')
        .onRef('journal_row.epoch', '=', 'journal.epoch')
        .onRef('journal_row.seq', '=', 'journal.seq'),
    )
    .innerJoin('journal_shape', 'journal_shape.id', 'journal_row.entity')
    .selectAll('journal')
    .where('journal_shape.entity', '=', table)
    .where('journal_shape.fields', '=', '[]')
    .where('journal_row.row_id', '=', id)
    .orderBy('journal.origin')
    .orderBy('journal.epoch')
    .orderBy('journal.seq')
    .execute()
