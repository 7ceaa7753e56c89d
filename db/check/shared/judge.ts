import { nodeOf } from '../../../server/domain/ids.ts'
import { type Clock, compareClocks, type RowClocks } from '../../../server/domain/time/write-order.ts'
import type { BlockEntry } from '../../journal/block.ts'
import type { SyncedTable } from '../../schema/schema.ts'
import { registerOf, SYNC_RULES } from '../../schema/sync-rules.ts'
import { headOf } from '../fences.ts'
import type { RowFinding } from '../findings.ts'
import type { Position } from '../position.ts'
import { isLostId } from './lost.ts'
import type { Said, SaidOfRows } from './said.ts'
import { bodyOf, type Fields, keyOf } from '../walk-rows.ts'

/**
 * Rows that several nodes wrote are no sums of what entries take away and put there: an entry may replace a value that its writer
 * never saw. Each of their columns is held against the last write of it, by stamp, origin, epoch and number.
 */

/** The tables whose first rows come before the journal: their columns are judged one by one too, and their rows are few. */
const BEFORE_THE_JOURNAL: ReadonlySet<string> = new Set<SyncedTable>(['store', 'node'])

/** Whether the rows of a table are added up; those of the others are all judged by their last writes. */
export const isAddedUp = (table: string): boolean => !BEFORE_THE_JOURNAL.has(table)

/** Keeps what an entry says of a row of a shop or node, if the row was read after it. */
export function addFirst(position: Position, entry: BlockEntry): void {
  const { self, moved, fences, first } = position
  const { origin, epoch, seq, entity, row_id } = entry
  if (origin !== self.origin) {
    if (isLeft(position, entry)) return void moved.add(keyOf(entity, row_id))
  } else if (epoch === self.epoch && seq > headOf(fences, entity, row_id)) return
  openJudge(position, first.said).add(entry)
}

/**
 * Notes the row of an entry as one that several wrote, where its sum would not tell: another wrote than the node that minted it, or
 * it is judged by another stamp. Rows of which something came while the check was under way, or waits, are left to a later check.
 */
export function noteShared(position: Position, entry: BlockEntry): void {
  const { shared, moved, self, lost } = position
  const { origin, entity, row_id } = entry
  const isOwn = origin === self.origin
  const isNew = !isOwn && isLeft(position, entry)
  const isTold = nodeOf(row_id) === origin && !(isOwn && isLostId(lost, entity, row_id))
  if (!isNew && entry.stamp === null && isTold && (isOwn || entry.salt !== null)) return
  const key = keyOf(entity, row_id)
  shared.add(key)
  if (isNew) moved.add(key)
}

/** Whether it is not known if an entry of another node is in its row: it came since, or it waits or waited. */
const isLeft = ({ heads, waiting }: Position, { origin, epoch, seq, tx }: BlockEntry) =>
  seq > (heads[`${origin}/${epoch}`] ?? 0) || `${origin}/${epoch}/${tx}` in waiting

export type Judge = {
  add(entry: BlockEntry): void
  /** Holds a row against what was added; undefined for one that is not there. `clocks`: by which writes it stands here. */
  findings(table: SyncedTable, row_id: number, row: Fields | undefined, clocks: RowClocks | null): RowFinding[]
}

/** Adds to `rows`, which may be what was said so far. */
export function openJudge({ self, role, lost }: Position, rows: SaidOfRows = {}): Judge {
  return {
    add: (entry) => {
      const key = keyOf(entry.entity, entry.row_id)
      addTo((rows[key] ??= { put: null, columns: {}, blank: null, last: null }), entry)
    },
    findings: (table, row_id, row, clocks) => {
      const finding = { kind: 'row', table, row_id } as const
      const said = rows[keyOf(table, row_id)]
      if (!row) return said?.put ? [{ ...finding, reason: 'missing', fields: [] }] : []
      const isKnown = said !== undefined && (said.put !== null || said.blank !== null)
      // Elsewhere than at head office the journal does not tell of what others put, and nowhere of what came back after a restore.
      const isTold = nodeOf(row_id) === self.origin ? !isLostId(lost, table, row_id) : role !== 'terminal'
      if (!isKnown && isAddedUp(table) && isTold) return [{ ...finding, reason: 'unknown', fields: [] }]
      if (!said) return []
      const fields = Object.keys(row).filter((column) => !isAsSaid(said, table, column, row[column] ?? null, clocks))
      return fields.length > 0 ? [{ ...finding, reason: 'changed', fields }] : []
    },
  }
}

function addTo(said: Said, entry: BlockEntry) {
  const { stamp, hlc, origin, epoch, seq, kind, salt } = entry
  const clock: Clock = { stamp: stamp ?? hlc, origin, epoch, seq }
  if (salt === null) {
    if (isLater(clock, said.blank)) said.blank = clock
    return
  }
  const { after } = bodyOf(entry)
  if (kind === 'put' || kind === 'event') {
    if (isLater(clock, said.put?.clock ?? null)) said.put = { clock, fields: after }
  } else
    for (const column in after)
      if (isLater(clock, said.columns[column]?.clock ?? null)) said.columns[column] = { clock, value: after[column] }
  if (kind !== 'del' && isLater(clock, said.last)) said.last = clock
}

const isLater = (one: Clock, other: Clock | null) => other === null || compareClocks(one, other) > 0

const DELETED = 'deleted_at'

/** Whether a column is as the last write of it says, as far as that is known. */
function isAsSaid(said: Said, table: SyncedTable, column: string, value: unknown, clocks: RowClocks | null): boolean {
  const last = lastWrite(said, column)
  if (!last || (said.blank && compareClocks(said.blank, last.clock) > 0)) return true
  const holder = clocks?.registers[registerOf(table, column)] ?? clocks?.put ?? null
  if (holder && compareClocks(holder, last.clock) > 0) return true
  if (value === (last.value ?? null)) return true
  // A deletion is undone by who writes the row later without knowing it; of a list a row that was taken out stays out.
  if (column !== DELETED) return false
  const deletion = said.columns[DELETED]
  if (SYNC_RULES[table].class === 'list') return deletion !== undefined && value === deletion.value
  const isBehind = (clock: Clock | null) => clock !== null && compareClocks(clock, last.clock) > 0
  // Elsewhere than at head office what others wrote later is in no journal here: the row's clocks tell of it.
  const isLaterHere = clocks !== null && [clocks.put, ...Object.values(clocks.registers)].some(isBehind)
  return value === null && (isBehind(said.last) || isLaterHere)
}

function lastWrite({ put, columns }: Said, column: string): Said['columns'][string] | undefined {
  const own = columns[column]
  if (!put || (own && compareClocks(own.clock, put.clock) > 0)) return own
  return { clock: put.clock, value: put.fields[column] ?? null }
}
