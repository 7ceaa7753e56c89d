import { type Block, BlockDamaged, type BlockEntry, chainAfter, firstOf, isAsPacked } from '../journal/block.ts'
import type { EntryFinding } from './findings.ts'
import type { JournalScan } from './journal-scan.ts'
import { keepsMore, type Position } from './position.ts'
import type { Named } from './journal-index.ts'
import { isHeldAgainst, keyOf } from './walk-rows.ts'

/**
 * The entries of a row of the journal that are as they were written, what is wrong with the row otherwise, and of which rows
 * it told what cannot be read any more.
 */
export type ReadRow = { entries: readonly BlockEntry[]; fault: EntryFinding | null; lost?: readonly Named[] }

/**
 * Reads the entries of a block that are after what was reached: one may have been packed while a check was in its midst.
 * Where the chain does not hold, the block's own hash tells bodies that were changed, which the chain goes on behind, from the rest.
 */
export async function readBlock(position: Position, scan: JournalScan, block: Block): Promise<ReadRow> {
  const { reached } = position
  const { origin, epoch } = block
  const first = firstOf(block)
  const fault = (reason: EntryFinding['reason'], seq = first): EntryFinding => ({
    kind: 'entry', origin, epoch, seq, reason, entity: null, row_id: null,
  }) // oxfmt-ignore
  if (first > reached.seq + 1) return { entries: [], fault: fault('missing', reached.seq + 1) }
  const all = await readable(scan, block)
  const entries = all?.slice(reached.seq + 1 - first) ?? []
  const isLinked = all !== null && chainAfter(reached.chain, entries) === block.chain
  if (isLinked) return { entries, fault: isAsPacked(block) ? null : fault('body') }
  if (all !== null && isAsPacked(block)) return { entries, fault: fault('header') }
  // The whole index is read for it: not where no row would be named any more.
  return { entries: [], fault: fault('body'), lost: keepsMore(position) ? await rowsIn(scan, block) : [] }
}

async function readable(scan: JournalScan, block: Block): Promise<BlockEntry[] | null> {
  try {
    return await scan.entriesOf(block)
  } catch (error) {
    if (error instanceof BlockDamaged) return null
    throw error
  }
}

/** The rows that a block told of, by the index: what the journal says of them is not known any more. */
async function rowsIn(scan: JournalScan, { origin, epoch, seq }: Block): Promise<Named[]> {
  const text = `select s.entity, r.row_id from journal_row r left join journal_shape s on s.id = r.entity and s.fields = '[]'
    where r.origin = ? and r.epoch = ? and r.seq = ?`
  const rows = await scan.rows(text, [origin, epoch, seq])
  return rows.map(([entity, row_id]) => ({ entity: entity as string | null, row_id: Number(row_id) }))
}

/** Those of them that are checked, as `table id`. */
export const lostRows = ({ lost = [] }: ReadRow): string[] =>
  lost.flatMap(({ entity, row_id }) => (entity !== null && isHeldAgainst(entity) ? [keyOf(entity, row_id)] : []))
