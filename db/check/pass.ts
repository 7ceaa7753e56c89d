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
import { checkSchema } from './check-schema.ts'
import { readDocuments, seriesWithGaps } from './documents.ts'
import { type Finding, MAX_FINDINGS, stopsWrites } from './findings.ts'
import { type JournalScan, openJournalScan } from './journal-scan.ts'
import { isAbout, oddSums, openOddRows, type OddRows } from './odd-rows.ts'
import { indexedFinding, openIndexCheck, readIndex } from './journal-index.ts'
import type { Scan } from './scan.ts'
import { closeJournal, headOf, countEntry, readEntries } from './walk-journal.ts'
import { changedLocalRows } from '../row-sums.ts'
import { addRow, changeOf, type Readings, readingsOf, readRows, subtract, TABLES } from './walk-rows.ts'

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
  const { origin, epoch, seq } = await headOf(scan)
  const position =
    (kept !== null && restoredPosition(kept, { origin, epoch })) ||
    newPosition({ origin, epoch, seq }, await openIndexCheck(scan))
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

type Work = Record<Exclude<Position['phase'], 'done'>, (limit: number) => Promise<void>>

function workOf(position: Position, scan: JournalScan, readings: Readings): Work {
  const hashes = new Map<string, number>()
  let odd: OddRows = openOddRows(position)
  let oddErased = new Set<string>()
  return {
    rows: async (limit) => {
      const more = await readRows(position, scan, readings, limit, (table, id, values, reading) => {
        position.rows += 1
        addRow(position, table, id, values, reading, 1)
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
          const change = changeOf(position, position.erasedRows, entry)
          if (change) subtract(position, hashes, change)
        },
        (key) => position.erasedRows.add(key),
      )
      if (!more) endJournal(position)
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
      await forgetErased(position, scan, readings)
      for (const finding of await countersBehind(scan)) addFinding(position, finding)
      for (const finding of await changedLocalRows(scan)) addFinding(position, finding)
      Object.assign(
        position,
        oddSums(position).length > 0 ? { phase: 'odd-rows', table: 0, after: -1, fences: {} } : { phase: 'done' },
      )
      odd = openOddRows(position)
      oddErased = new Set()
    },
    'odd-rows': async (limit) => {
      const more = await readRows(position, scan, readings, limit, (table, id, values, { fields }) => {
        if (odd.holds(table, id)) odd.addRow(table, id, fields, values)
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
          if (change) odd.addChange(change)
        },
        (key) => oddErased.add(key),
      )
      if (more) return
      const doubted = entriesOf(position)
      const isUnknown = (key: string) => oddErased.has(key) || doubted.some((finding) => isAbout(key, finding))
      for (const finding of odd.findings(isUnknown)) addFinding(position, finding)
      position.phase = 'done'
    },
  }
}

/** Where the chain does not hold, nothing that it says of rows does. */
function endJournal(position: Position) {
  closeJournal(position)
  position.phase = position.findings.some((finding) => finding.kind === 'entry' && stopsWrites(finding))
    ? 'done'
    : 'indexed'
}

/** Takes the rows off again of which the journal says nothing any more. */
async function forgetErased(position: Position, scan: Scan, readings: Readings) {
  for (const key of position.erasedRows) {
    const [entity, id] = key.split(' ')
    const table = TABLES.findIndex((name) => name === entity)
    const reading = readings.get(entity!)!
    const [row] = await scan.rows(`${reading.text} where id = ?`, [Number(id)])
    if (row) addRow(position, table, Number(id), row, reading, -1)
  }
}
