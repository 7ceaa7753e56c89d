import { createHash } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { deleteLocal, upsertLocal } from '../../../db/local.ts'
import type { Database } from '../../../db/database.ts'
import { StartRefused } from '../../config.ts'
import { by } from '../command.ts'
import type { BatchPace } from '../pace.ts'
import { rowsOf } from './read.ts'
import type { Reject, Source, Write } from './source.ts'

export type Outcome = {
  rows: number
  added: number
  changed: number
  rejected: number
  resumedAfter: number
  ms: number
}

export type Import<Row> = {
  file: string
  source: Source<Row>
  write: Write<Row>
  pace: BatchPace
  reject(rejects: readonly Reject[]): void
  /** `done` of 0 to 1. */
  progress(done: number, rows: number): void
}

/**
 * Brings a CSV file in, batch by batch. What the file says already is left alone, so importing again changes nothing; how far
 * it came is kept with each batch, so an interrupted import goes on where it was.
 */
export async function importFile<Row>(
  database: Database,
  { file, source, write, pace, reject, progress }: Import<Row>,
): Promise<Outcome> {
  const began = performance.now()
  const run = runOf(file, source.kind)
  const before = await database.db
    .selectFrom('import_run')
    .select(['line', 'accepted', 'rejected'])
    .where('id', '=', run.id)
    .executeTakeFirst()
  const outcome = { rows: 0, added: 0, changed: 0, rejected: 0, resumedAfter: before?.line ?? 0, ms: 0 }
  const kept = { accepted: before?.accepted ?? 0, rejected: before?.rejected ?? 0 }
  let read = 0
  for await (const { rows, lines, rejects, bytes } of rowsOf(file, source, outcome.resumedAfter)) {
    reject(rejects)
    outcome.rows += rows.length + rejects.length
    outcome.rejected += rejects.length
    for (let start = 0; start < rows.length;) {
      const batch = rows.slice(start, start + pace.size())
      start += batch.length
      const line = lines[start - 1]!
      let held = 0
      const written = await database.write(by(`import ${source.kind}`), async (trx) => {
        held = performance.now()
        const written = await write(trx, batch)
        const { added, changed } = typeof written === 'number' ? { added: written, changed: 0 } : written
        const rejected = kept.rejected + rejects.filter((wrong) => wrong.line <= line).length
        const reached = { line, accepted: (kept.accepted += added), rejected, updated_at: trx.act.now }
        await upsertLocal(trx, 'import_run', { id: run.id }, { kind: source.kind, file: run.name, ...reached })
        return { added, changed }
      })
      outcome.added += written.added
      outcome.changed += written.changed
      await pace.rest(batch.length, performance.now() - held)
      const part = start / rows.length
      progress((read + part * (bytes - read)) / run.size, outcome.rows - rows.length + start)
    }
    kept.rejected += rejects.length
    read = bytes
  }
  await database.write(by(`import ${source.kind}`), (trx) => deleteLocal(trx, 'import_run', { id: run.id }))
  await database.flushSearchIndex()
  return { ...outcome, ms: performance.now() - began }
}

/** What tells this file from others and from its own earlier state. */
function runOf(file: string, kind: string) {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new StartRefused(`${file} is a folder. Name the CSV file in it.`)
  try {
    const { size, mtimeMs } = statSync(file)
    const id = createHash('sha256')
      .update(JSON.stringify([kind, realpathSync(file), size, mtimeMs]))
      .digest('hex')
    return { id, size: Math.max(1, size), name: basename(file) }
  } catch {
    throw new StartRefused(`${file} cannot be read.`)
  }
}
