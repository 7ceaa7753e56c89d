import { isDamage } from '../errors.ts'
import type { Db, Trx } from '../handle.ts'
import { upsertLocal } from '../local.ts'
import { type Finding, MAX_FINDINGS } from './findings.ts'

/** What is known of the content: how far the check under way is, and what the last whole one found. */
export type CheckRecord = {
  /** Where the check under way goes on; null while there is none. */
  position: string | null
  started_at: number | null
  /** When the last whole check ended; null before the first. */
  finished_at: number | null
  /** What the last whole check went through. */
  entries: number
  rows: number
  findings: readonly Finding[]
}

const NEVER_CHECKED: CheckRecord = {
  position: null,
  started_at: null,
  finished_at: null,
  entries: 0,
  rows: 0,
  findings: [],
}

/** A record that cannot be read is a finding of its own. */
export async function readCheckRecord(db: Db): Promise<CheckRecord> {
  const row = await db
    .selectFrom('content_check')
    .selectAll()
    .where('id', '=', 1)
    .executeTakeFirst()
    .catch((error: unknown) => {
      if (!isDamage(error)) throw error
      return { damage: (error as Error).message }
    })
  if (!row) return NEVER_CHECKED
  if ('damage' in row) return { ...NEVER_CHECKED, findings: [{ kind: 'file', text: row.damage }] }
  const { id: _, sum: _sum, findings, ...rest } = row
  return { ...rest, findings: JSON.parse(findings) as Finding[] } // As `saveCheckRecord` wrote it.
}

export async function saveCheckRecord(trx: Trx, { findings, ...rest }: CheckRecord): Promise<void> {
  await upsertLocal(trx, 'content_check', { id: 1 }, { ...rest, findings: JSON.stringify(findings) })
}

/** Writes down where the check under way is, and leaves alone what a command has found meanwhile. */
export async function saveCheckPosition(
  trx: Trx,
  position: Pick<CheckRecord, 'position' | 'started_at'>,
): Promise<void> {
  await saveCheckRecord(trx, { ...(await readCheckRecord(trx)), ...position })
}

/**
 * Writes down a whole check, unless a command has ended one since `known` was read. Returns whether it was written.
 */
export async function saveWholeCheck(trx: Trx, record: CheckRecord, known: CheckRecord): Promise<boolean> {
  if ((await readCheckRecord(trx)).finished_at !== known.finished_at) return false
  await saveCheckRecord(trx, record)
  return true
}

/** Adds what was found and put right to what is known. */
export async function addFindings(trx: Trx, found: readonly Finding[]): Promise<void> {
  const record = await readCheckRecord(trx)
  await saveCheckRecord(trx, { ...record, findings: [...record.findings, ...found].slice(-MAX_FINDINGS) })
}

/**
 * Writes down a check of the content alone, made at once: what was known of the structure of the file stays, which such a
 * check cannot see. Returns all that is known now.
 */
export async function saveContentCheck(
  trx: Trx,
  { findings: content, ...counted }: Pick<CheckRecord, 'finished_at' | 'rows' | 'entries' | 'findings'>,
): Promise<readonly Finding[]> {
  const before = await readCheckRecord(trx)
  const findings = [...before.findings.filter(({ kind }) => kind === 'file'), ...content]
  await saveCheckRecord(trx, { position: null, started_at: null, ...counted, findings })
  return findings
}
