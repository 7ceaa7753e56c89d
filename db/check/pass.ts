import {
  entriesOf,
  newPosition,
  addFinding,
  type Position,
  restoredPosition,
  storedPosition,
  BEFORE_FIRST_CHAIN,
} from './position.ts'
import { countersBehind } from './counters.ts'
import { checkSchema } from './schema/check-schema.ts'
import { readDocuments, seriesWithGaps } from './documents.ts'
import { type Finding, MAX_FINDINGS, stopsWrites } from './findings.ts'
import { type JournalScan, openJournalScan } from './journal-scan.ts'
import { isAbout, oddSums, openOddRows, type OddRows } from './odd-rows.ts'
import { isArchived } from '../journal/archive.ts'
import { indexedFinding, openIndexCheck, readIndex } from './journal-index.ts'
import type { Scan } from './scan.ts'
import { readLost } from './shared/lost.ts'
import { addFirst, isAddedUp, noteShared } from './shared/judge.ts'
import {
  fieldsOf,
  firstRowFindings,
  isInSums,
  noteChangedByOthers,
  openSharedRows,
  type SharedRows,
} from './shared/shared-rows.ts'
import {
  type Archived,
  closeJournal,
  headOf,
  countEntry,
  otherHeads,
  readArchived,
  readEntries,
  waitingTransactions,
} from './walk-journal.ts'
import { BEFORE_OWN, openOwnTables, type OwnTables } from './own-tables.ts'
import {
  addRow,
  changeOf,
  isHeldAgainst,
  keyOf,
  type Readings,
  readingsOf,
  readRows,
  subtract,
  TABLES,
} from './walk-rows.ts'

/**
 * One check of the whole content: every link of the journal, every row against what the journal says of it, and whether each
 * document of money adds up. It goes on
 * in steps, each as of its own moment, so that a server may write between; however long the journal is, memory stays flat.
 */
export type Pass = {
  /** Works for about `ms`. Returns whether there is more to do. */
  step(ms: number): Promise<boolean>
  /** How many rows and entries were read so far, and how many of these were erased. */
  progress(): { rows: number; entries: number; erased: number }
  /** What was found; complete when there is nothing more to do. */
  findings(): Finding[]
  /** Where it is, as text from which it is opened again. */
  position(): string
}

/** Rows read at once: what they take is measured, and the next batch made to fit. */
const BATCH = { first: 200, least: 20, most: 1_000 }

/**
 * Begins a check, or goes on where `kept` says it was; from the beginning where that is of no use any more.
 * @throws SchemaDamaged where tables are not those of this program
 */
export async function openPass(scan: Scan, kept: string | null = null): Promise<Pass> {
  const ofSchema = await checkSchema(scan)
  const head = await headOf(scan)
  const position = (kept !== null && restoredPosition(kept, head)) || (await beginning(scan, head))
  const isOfSchema = ({ kind }: Finding) => kind === 'index' || kind === 'trigger'
  position.findings = [...ofSchema, ...position.findings.filter((finding) => !isOfSchema(finding))].slice(
    0,
    MAX_FINDINGS,
  )
  const work = workOf(position, await openJournalScan(scan), await readingsOf(scan))
  let size = BATCH.first
  return {
    step: async (ms) => {
      const began = performance.now()
      for (let left = ms; left > 0 && position.phase !== 'done'; left = ms - (performance.now() - began)) {
        const before = performance.now()
        await work[position.phase](Math.max(BATCH.least, Math.floor(size)))
        const took = Math.max(0.01, performance.now() - before)
        // A third of a step: it ends near its time.
        size = Math.min(BATCH.most, Math.max(BATCH.least, size * Math.min(2, Math.max(0.5, ms / 3 / took))))
      }
      return position.phase !== 'done'
    },
    progress: () => ({ rows: position.rows, entries: position.entries, erased: position.erased }),
    findings: () => position.findings,
    position: () => storedPosition(position),
  }
}

async function beginning(scan: Scan, head: Awaited<ReturnType<typeof headOf>>): Promise<Position> {
  const [[role] = []] = await scan.rows('select role from self', [])
  const heads = await otherHeads(scan, head.origin)
  const own = { ...head, role: role as Position['role'] }
  const lost = await readLost(scan, head.origin)
  return newPosition(own, await openIndexCheck(scan), heads, await waitingTransactions(scan), lost)
}

type Work = Record<Exclude<Position['phase'], 'done'>, (limit: number) => Promise<void>>

function workOf(position: Position, scan: JournalScan, readings: Readings): Work {
  const hashes = new Map<string, number>()
  let odd: OddRows = openOddRows(position)
  let oddErased = new Set<string>()
  let shared: SharedRows | null = null
  let own: OwnTables | null = null
  return {
    rows: async (limit) => {
      const more = await readRows(position, scan, readings, limit, (table, id, values, reading) => {
        position.rows += 1
        if (isInSums(position, table, id)) addRow(position, table, id, values, reading, 1)
        else if (!isAddedUp(TABLES[table]!)) position.first.rows[keyOf(TABLES[table]!, id)] = fieldsOf(reading, values)
      })
      if (!more) position.phase = 'journal'
    },
    journal: async (limit) => {
      const more = await readEntries(
        position,
        scan,
        limit,
        true,
        (entry) => {
          countEntry(position, entry)
          if (isArchived(entry)) return
          if (isHeldAgainst(entry.entity)) (isAddedUp(entry.entity) ? noteShared : addFirst)(position, entry)
          const change = changeOf(position, position.erasedRows, entry)
          if (change && isInSums(position, change.table, change.id)) subtract(position, hashes, change)
        },
        (key) => position.erasedRows.add(key),
      )
      if (!more) endJournal(position, await readArchived(scan))
    },
    indexed: async (limit) => {
      if (await readIndex(position.index, scan, limit)) return
      const finding = indexedFinding(position.index)
      if (finding) addFinding(position, finding)
      Object.assign(position, { phase: 'documents', after: -1 })
    },
    documents: async (limit) => {
      const { findings, more } = await readDocuments(position, scan, limit)
      for (const finding of findings) addFinding(position, finding)
      if (more) return
      for (const finding of seriesWithGaps(position.series)) addFinding(position, finding)
      position.phase = 'erased'
    },
    erased: async () => {
      await noteChangedByOthers(position, scan)
      for (const finding of await firstRowFindings(position, scan)) addFinding(position, finding)
      await forgetErased(position, scan, readings)
      for (const finding of await countersBehind(scan)) addFinding(position, finding)
      Object.assign(position, { phase: 'own', own: { ...BEFORE_OWN } })
    },
    own: async (limit) => {
      own ??= await openOwnTables(scan)
      const { findings, more } = await own.read(position.own, limit)
      for (const finding of findings) addFinding(position, finding)
      if (!more) position.phase = 'shared-rows'
    },
    'shared-rows': async () => {
      shared = await openSharedRows(position, scan, readings)
      if (shared) return void Object.assign(position, { phase: 'shared-journal', reached: { ...BEFORE_FIRST_CHAIN } })
      Object.assign(
        position,
        oddSums(position).length > 0 ? { phase: 'odd-rows', table: 0, after: -1, fences: {} } : { phase: 'done' },
      )
      odd = openOddRows(position)
      oddErased = new Set()
    },
    'shared-journal': async (limit) => {
      const rows = shared!
      if (await readEntries(position, scan, limit, false, rows.onEntry, rows.onLost)) return
      for (const finding of rows.close()) addFinding(position, finding)
      position.phase = 'shared-rows'
    },
    'odd-rows': async (limit) => {
      const more = await readRows(position, scan, readings, limit, (table, id, values, { fields }) => {
        if (isInSums(position, table, id) && odd.holds(table, id)) odd.addRow(table, id, fields, values)
      })
      if (!more) Object.assign(position, { phase: 'odd-journal', reached: { ...BEFORE_FIRST_CHAIN } })
    },
    'odd-journal': async (limit) => {
      const more = await readEntries(
        position,
        scan,
        limit,
        false,
        (entry) => {
          const change = changeOf(position, oddErased, entry, odd.holds)
          if (change && isInSums(position, change.table, change.id)) odd.addChange(change)
        },
        (key) => oddErased.add(key),
      )
      if (more) return
      const doubted = entriesOf(position)
      const isUnknown = (key: string) =>
        oddErased.has(key) || position.shared.has(key) || doubted.some((finding) => isAbout(key, finding))
      for (const finding of odd.findings(isUnknown)) addFinding(position, finding)
      position.phase = 'done'
    },
  }
}

/** Where the chain does not hold, nothing that it says of rows does. */
function endJournal(position: Position, archive: readonly Archived[]) {
  closeJournal(position, archive)
  position.phase = position.findings.some((finding) => finding.kind === 'entry' && stopsWrites(finding))
    ? 'done'
    : 'indexed'
}

/** Takes the rows off again of which the journal says nothing any more. */
async function forgetErased(position: Position, scan: Scan, readings: Readings) {
  for (const key of position.erasedRows) {
    // Those are judged by themselves.
    const [entity, id] = key.split(' ')
    if (position.shared.has(key) || !isAddedUp(entity!)) continue
    const table = TABLES.findIndex((name) => name === entity)
    const reading = readings.get(entity!)!
    const [row] = await scan.rows(`${reading.text} where id = ?`, [Number(id)])
    if (row) addRow(position, table, Number(id), row, reading, -1)
  }
}
