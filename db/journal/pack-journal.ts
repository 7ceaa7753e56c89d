import type { Kysely } from 'kysely'
import { checkLink, GENESIS, type JournalEntry } from '../../server/domain/chain.ts'
import type { Engine } from '../engines/engine.ts'
import { chunksOf, insertSql, parametersOf, run } from '../engines/sql-text.ts'
import { executeNoResult } from '../engines/direct.ts'
import type { EngineName } from '../handle.ts'
import type { JournalRowTable } from '../schema/local-tables.ts'
import type { JournalTable, Schema } from '../schema/schema.ts'
import { type Block, BlockDamaged, entriesOf, isBlock, MAX_ENTRIES, packed } from './block.ts'
import { readHead, sha256 } from './journal.ts'
import { readShapes, saveShapes, type Shapes } from './shapes.ts'

/**
 * Packs the journal into blocks and indexes it by row, in slices that each end a transaction: killed in between, the next one
 * goes on. What is not as it was written stays as it is, to be found; so does a chain's first entry, which others are known
 * by.
 */

/** The newest entries stay as they are: they are read most. */
const KEPT_ENTRIES = 1_000
/** SQLite keeps what is a little larger on a page of its own, most of it empty. */
const MAX_BYTES = 850
/** Rows read at once. */
const BATCH = 4 * MAX_ENTRIES

type Chain = { origin: number; epoch: number }

/** What is written at the end of a slice. */
type Slice = { replaced: [first: number, last: number][]; blocks: Block[]; index: JournalRowTable[]; shapes: Shapes }

/** Works for about `ms`, and leaves the newest `kept` entries alone. Returns whether there is more to do. */
export async function packJournal(engine: Engine, ms: number, kept: number = KEPT_ENTRIES): Promise<boolean> {
  return await engine.transaction(async (query) => {
    const began = performance.now()
    const head = await readHead(query, engine.name)
    if (!head) return false
    const shapes = await readShapes(query)
    const isTerminal = await isOfTerminal(query)
    for (let chain = await nextChain(query, null); chain; chain = await nextChain(query, chain)) {
      const isOwn = chain.origin === head.id
      const newest = isOwn && chain.epoch === head.epoch ? head.seq - kept : Infinity
      const last = isOwn && isTerminal ? Math.min(newest, await acknowledged(query, chain)) : newest
      while (await packBatch(query, engine.name, chain, last, shapes)) {
        if (performance.now() - began >= ms) return true
      }
    }
    return false
  })
}

const isOfTerminal = async (query: Kysely<Schema>) =>
  (await query.selectFrom('self').select('role').executeTakeFirstOrThrow()).role === 'terminal'

/**
 * A terminal's own entries stay as they are until its parent has them, those of a chain that a restore ended too: it may judge them
 * by another stamp, which no block has.
 */
async function acknowledged(query: Kysely<Schema>, { origin, epoch }: Chain): Promise<number> {
  const head = query.selectFrom('origin_head').select('seq').where('origin', '=', origin).where('epoch', '=', epoch)
  return (await head.executeTakeFirst())?.seq ?? 0
}

async function nextChain(query: Kysely<Schema>, after: Chain | null): Promise<Chain | null> {
  const chains = query.selectFrom('journal').select(['origin', 'epoch']).orderBy('origin').orderBy('epoch').limit(1)
  if (!after) return (await chains.executeTakeFirst()) ?? null
  const ofSame = await chains.where('origin', '=', after.origin).where('epoch', '>', after.epoch).executeTakeFirst()
  return ofSame ?? (await chains.where('origin', '>', after.origin).executeTakeFirst()) ?? null
}

/** Returns whether it found anything to do. */
async function packBatch(
  query: Kysely<Schema>,
  engine: EngineName,
  chain: Chain,
  last: number,
  shapes: Shapes,
): Promise<boolean> {
  const done = await packedUpTo(query, chain)
  if (done >= last) return false
  const rows = await rowsAfter(query, chain, done, BATCH + 1)
  const whole = wholeTransactions(rows, last)
  if (whole.length === 0) return false
  const slice: Slice = { replaced: [], blocks: [], index: [], shapes }
  let before = done === 0 ? GENESIS : await chainAt(query, chain, done)
  for (const piece of piecesOf(whole)) before = addPiece(slice, piece, before)
  await save(query, engine, chain, whole.at(-1)!.seq, slice)
  return true
}

/** Rows up to `last`, without a transaction at their end that may go on behind them; of a long one what fills blocks. */
function wholeTransactions(rows: readonly JournalTable[], last: number): readonly JournalTable[] {
  const next = rows.findIndex(({ seq }, index) => index === BATCH || seq > last)
  if (next < 0) return rows
  const { tx } = rows[next]!
  const start = rows.findIndex((row) => row.tx === tx)
  if (start === next) return rows.slice(0, next)
  const full = Math.floor((next - start) / MAX_ENTRIES) * MAX_ENTRIES
  return rows.slice(0, start + full)
}

/** Entries of one transaction that make a block; a row that is a block already stays for itself. */
function* piecesOf(rows: readonly JournalTable[]): Generator<readonly JournalTable[]> {
  let piece: JournalTable[] = []
  for (const row of rows) {
    const first = piece[0]
    const isWhole = first && (piece.length === MAX_ENTRIES || first.tx !== row.tx || first.seq === 1)
    if (first && (isWhole || isBlock(row) || isBlock(first))) {
      yield piece
      piece = []
    }
    piece.push(row)
  }
  if (piece.length > 0) yield piece
}

/** Adds what becomes of a piece to the slice; returns the chain after it. */
function addPiece(slice: Slice, piece: readonly JournalTable[], before: string): string {
  const { index, shapes } = slice
  const [first, last] = [piece[0]!, piece.at(-1)!]
  if (isBlock(first)) index.push(...indexOf(first, entriesIn(first, shapes), shapes))
  else if (first.seq > 1 && isLinked(piece, before)) addBlocks(slice, piece)
  else addAsTheyAre(slice, piece)
  return last.chain
}

function addAsTheyAre({ index, shapes }: Slice, entries: readonly JournalTable[]) {
  for (const entry of entries) index.push(...indexOf(entry, [entry], shapes))
}

/** In halves where a block would be too large; entries of a form that no block has stay as they are. */
function addBlocks(slice: Slice, entries: readonly JournalTable[]) {
  const block = blockOf(entries, slice.shapes)
  if (!block) return addAsTheyAre(slice, entries)
  if (block.pack.length > MAX_BYTES && entries.length > 1) {
    const middle = Math.ceil(entries.length / 2)
    addBlocks(slice, entries.slice(0, middle))
    addBlocks(slice, entries.slice(middle))
    return
  }
  slice.replaced.push([entries[0]!.seq, block.seq])
  slice.blocks.push(block)
  slice.index.push(...indexOf(block, entries, slice.shapes))
}

function blockOf(entries: readonly JournalTable[], shapes: Shapes): Block | null {
  try {
    return packed(entries, shapes)
  } catch (error) {
    if (error instanceof BlockDamaged) return null
    throw error
  }
}

/** Whether the entries are as they were written. */
function isLinked(entries: readonly JournalEntry[], before: string): boolean {
  let chain = before
  for (const entry of entries) {
    if (checkLink(sha256, chain, entry)) return false
    chain = entry.chain
  }
  return true
}

/** What can be read of a block; a damaged one is for the checks to find. */
function entriesIn(block: Block, shapes: Shapes) {
  try {
    return entriesOf(block, shapes)
  } catch (error) {
    if (error instanceof BlockDamaged) return []
    throw error
  }
}

function indexOf(
  { origin, epoch, seq }: JournalTable,
  entries: readonly { entity: string; row_id: number }[],
  shapes: Shapes,
): JournalRowTable[] {
  const rows = new Map(entries.map(({ entity, row_id }) => [`${entity} ${row_id}`, { entity, row_id }]))
  return [...rows.values()].map(({ entity, row_id }) => ({
    entity: shapes.idOf(entity, []),
    row_id,
    origin,
    epoch,
    seq,
  }))
}

const ofChain = (query: Kysely<Schema>, { origin, epoch }: Chain) =>
  query.selectFrom('journal').where('origin', '=', origin).where('epoch', '=', epoch)

const rowsAfter = (query: Kysely<Schema>, chain: Chain, seq: number, limit: number) =>
  ofChain(query, chain).selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute()

const chainAt = async (query: Kysely<Schema>, chain: Chain, seq: number) =>
  (await ofChain(query, chain).select('chain').where('seq', '=', seq).executeTakeFirst())?.chain ?? ''

async function packedUpTo(query: Kysely<Schema>, { origin, epoch }: Chain): Promise<number> {
  const packing = query.selectFrom('journal_packing').select('seq')
  return (await packing.where('origin', '=', origin).where('epoch', '=', epoch).executeTakeFirst())?.seq ?? 0
}

async function save(query: Kysely<Schema>, engine: EngineName, { origin, epoch }: Chain, seq: number, slice: Slice) {
  await saveShapes(query, slice.shapes)
  for (const [first, last] of slice.replaced) await run(query, engine, DELETE_ENTRIES, [origin, epoch, first, last])
  await insertAll(query, engine, 'journal', slice.blocks)
  // Of blocks that cannot be read an index that is made anew keeps what it said of them.
  await insertAll(query, engine, 'journal_row', slice.index, ' on conflict do nothing')
  await run(query, engine, SAVE_PACKING, [origin, epoch, seq])
}

const DELETE_ENTRIES = 'delete from journal where origin = ? and epoch = ? and seq >= ? and seq <= ?'
const SAVE_PACKING = `insert into journal_packing (origin, epoch, seq) values (?, ?, ?)
  on conflict (origin, epoch) do update set seq = excluded.seq`

async function insertAll<T extends object>(
  query: Kysely<Schema>,
  engine: EngineName,
  table: string,
  rows: readonly T[],
  onConflict = '',
) {
  for (const batch of chunksOf(rows)) {
    const columns = Object.keys(batch[0]!) as (keyof T & string)[]
    const values = batch.flatMap((row) => columns.map((column) => row[column]))
    await executeNoResult(
      query,
      insertSql(engine, table, columns, batch.length) + onConflict,
      parametersOf(engine, values, {}),
    )
  }
}
