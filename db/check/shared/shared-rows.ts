import { nodeOf } from '../../../server/domain/ids.ts'
import type { Clock, RowClocks } from '../../../server/domain/time/write-order.ts'
import { clocksIn } from '../../clocks.ts'
import type { BlockEntry } from '../../journal/block.ts'
import type { SyncedTable } from '../../schema/schema.ts'
import type { RowFinding } from '../findings.ts'
import { isAbout } from '../odd-rows.ts'
import { entriesOf, type Position } from '../position.ts'
import type { Scan } from '../scan.ts'
import { isAddedUp, openJudge } from './judge.ts'
import { isLostId, isLostWrite } from './lost.ts'
import { newSums } from '../sums.ts'
import { addRow, changeOf, type Fields, keyOf, type Readings, subtract, TABLES } from '../walk-rows.ts'

/**
 * Judges the rows that several nodes wrote, some thousand in one walk through the journal, and takes them out of the sums, in which
 * all others come to nothing.
 */

/** Rows judged in one walk: memory stays flat however many there are. */
const SLICE = 10_000

/**
 * Whether a row and its entries are added up. At a terminal the journal does not tell of rows that others minted, nor anywhere of
 * those that came back after a restore; of its own rows those that others changed are taken out later.
 */
export function isInSums({ role, self, lost }: Position, table: number, id: number): boolean {
  if (!isAddedUp(TABLES[table]!)) return false
  const isOwn = nodeOf(id) === self.origin
  if (isOwn && lost.length > 0 && isLostId(lost, TABLES[table]!, id)) return false
  return role !== 'terminal' || isOwn
}

/** The rows of one slice, while the journal is walked for them. */
export type SharedRows = {
  onEntry(entry: BlockEntry): void
  onLost(key: string): void
  /** What is wrong with them; takes them out of the sums and ends the slice. */
  close(): RowFinding[]
}

/** At a terminal the rows of its own that others have changed too; anywhere those whose changes came back after a restore. */
export async function noteChangedByOthers({ role, self, lost, shared }: Position, scan: Scan): Promise<void> {
  if (role !== 'terminal' && lost.length === 0) return
  const isElsewhere = (clock: Clock) =>
    (role === 'terminal' && clock.origin !== self.origin) || isLostWrite(lost, self.origin, clock)
  let after: [string, number] = ['', -1]
  for (let read = SLICE; read === SLICE;) {
    const text = `select entity, row_id, stamps from field_clock where (entity, row_id) > (?, ?) order by entity, row_id limit ?`
    const rows = (await scan.rows(text, [...after, SLICE])) as [string, number, string][]
    for (const [entity, id, stamps] of rows) {
      const { put, registers } = clocksIn(stamps)
      const clocks = [...(put ? [put] : []), ...Object.values(registers)]
      if ((role !== 'terminal' || nodeOf(id) === self.origin) && clocks.some(isElsewhere)) shared.add(keyOf(entity, id))
    }
    read = rows.length
    const [entity, id] = rows.at(-1) ?? after
    after = [entity, id]
  }
}

type Row = { table: number; id: number; values: unknown[] | null; head: number; clocks: RowClocks | null }

/** Reads the next slice; null where all are judged. */
export async function openSharedRows(position: Position, scan: Scan, readings: Readings): Promise<SharedRows | null> {
  const keys = [...position.shared].slice(position.judged, position.judged + SLICE)
  if (keys.length === 0) return null
  const rows = new Map<string, Row>()
  for (const key of keys) rows.set(key, await readRow(position, scan, readings, key))
  const judge = openJudge(position)
  const said = newSums()
  const inSlice = { ...position, sums: said }
  const [hashes, erased, lost] = [new Map<string, number>(), new Set<string>(), new Set<string>()]
  return {
    onEntry: (entry) => {
      const row = rows.get(keyOf(entry.entity, entry.row_id))
      if (!row) return
      const change = changeOf(position, erased, entry)
      if (change && isInSums(position, change.table, change.id)) subtract(inSlice, hashes, change)
      const { origin, epoch } = position.self
      // What was written after the row was read.
      if (entry.origin === origin && entry.epoch === epoch && entry.seq > row.head) return
      judge.add(entry)
    },
    onLost: (key) => {
      erased.add(key)
      lost.add(key)
    },
    close: () => {
      for (let i = 0; i < said.length; i++) position.sums[i]! -= said[i]!
      for (const row of rows.values()) takeOut(position, readings, row)
      position.judged += keys.length
      const isUnknown = unknownIn(position, lost)
      return [...rows].flatMap(([key, row]) => (isUnknown(key) ? [] : findingsOf(row, readings, judge)))
    },
  }
}

async function readRow(position: Position, scan: Scan, readings: Readings, key: string): Promise<Row> {
  const [entity, written] = key.split(' ') as [SyncedTable, string]
  const [table, id] = [TABLES.indexOf(entity), Number(written)]
  const [values = null] = await scan.rows(`${readings.get(entity)!.text} where id = ?`, [id])
  const [[head] = []] = values ? [[values[1]]] : await scan.rows('select seq from self', [])
  return { table, id, values, head: Number(head), clocks: await clocksHere(position, scan, entity, id) }
}

/** By which writes a row stands where the journal does not tell it, at a terminal or after a restore; null elsewhere. */
async function clocksHere({ role, lost }: Position, scan: Scan, entity: string, id: number): Promise<RowClocks | null> {
  if (role !== 'terminal' && lost.length === 0) return null
  const text = 'select stamps from field_clock where entity = ? and row_id = ?'
  const [row] = (await scan.rows(text, [entity, id])) as [string][]
  return clocksIn(row?.[0] ?? '{}')
}

/** What is wrong with rows of shops and nodes, which are not added up. */
export async function firstRowFindings(position: Position, scan: Scan): Promise<RowFinding[]> {
  const { first } = position
  const judge = openJudge(position, first.said)
  const isUnknown = unknownIn(position, position.erasedRows)
  const findings: RowFinding[] = []
  for (const key of new Set([...Object.keys(first.rows), ...Object.keys(first.said)])) {
    if (isUnknown(key)) continue
    const [table, written] = key.split(' ') as [SyncedTable, string]
    const clocks = await clocksHere(position, scan, table, Number(written))
    findings.push(...judge.findings(table, Number(written), first.rows[key], clocks))
  }
  return findings
}

/** Rows of which it is not known what the journal says. */
function unknownIn(position: Position, lost: ReadonlySet<string>): (key: string) => boolean {
  const doubted = entriesOf(position)
  return (key) => lost.has(key) || position.moved.has(key) || doubted.some((finding) => isAbout(key, finding))
}

function takeOut(position: Position, readings: Readings, { table, id, values }: Row) {
  if (values && isInSums(position, table, id)) addRow(position, table, id, values, readings.get(TABLES[table]!)!, -1)
}

function findingsOf({ table, id, values, clocks }: Row, readings: Readings, judge: ReturnType<typeof openJudge>) {
  const row = values ? fieldsOf(readings.get(TABLES[table]!)!, values) : undefined
  return judge.findings(TABLES[table]!, id, row, clocks)
}

/** A row as it was read. */
export const fieldsOf = ({ fields }: { fields: readonly string[] }, values: readonly unknown[]): Fields =>
  Object.fromEntries(fields.map((field, index) => [field, values[index + 2]]))
