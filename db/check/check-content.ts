import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../database.ts'
import type { EntryFinding, Finding } from './findings.ts'
import { openJournalScan } from './journal-scan.ts'
import { openPass, type Pass } from './pass.ts'
import { entriesOf, newPosition } from './position.ts'
import { closeJournal, headOf, countEntry, readArchived, readEntries } from './walk-journal.ts'

/** How long it works at once, in ms: a server beside it has its turn. */
const STEP = 20

export type ContentCheck = { findings: Finding[]; rows: number; entries: number; erased: number }

/** Checks the whole content at once: every entry of the journal, and every row against it. `progress` hears how far it is. */
export async function checkContent(
  database: Pick<Database, 'scan'>,
  progress: (so: ReturnType<Pass['progress']>) => void = () => {},
): Promise<ContentCheck> {
  const scan = database.scan()
  try {
    const pass = await openPass(scan)
    while (await pass.step(STEP)) {
      progress(pass.progress())
      await pause(1)
    }
    return { findings: pass.findings(), ...pass.progress() }
  } finally {
    scan.close()
  }
}

/** Entries read at once. */
const BATCH = 1_000

/**
 * Checks the journal alone, of whichever schema the tables are: returns how many entries there are, and the first
 * that is not as it was written. `progress` hears how many so far.
 */
export async function checkJournal(
  database: Pick<Database, 'scan'>,
  progress: (entries: number) => void,
): Promise<{ entries: number; error: EntryFinding | null }> {
  const scan = database.scan()
  try {
    const position = newPosition({ ...(await headOf(scan)), role: 'alone' })
    const journal = await openJournalScan(scan)
    while (await readEntries(position, journal, BATCH, true, (entry) => countEntry(position, entry))) {
      progress(position.entries)
      await pause(1)
    }
    closeJournal(position, await readArchived(scan))
    return { entries: position.entries, error: entriesOf(position)[0] ?? null }
  } finally {
    scan.close()
  }
}
