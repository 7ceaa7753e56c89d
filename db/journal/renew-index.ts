import type { Finding } from '../check/findings.ts'
import type { Database } from '../database.ts'
import { run } from '../engines/sql-text.ts'
import { QUERY } from '../handle.ts'

/**
 * Has the index of the journal by row made anew: it is emptied, and packing fills it again. What it says of blocks that cannot
 * be read any more, which are among the `findings`, stays: nothing else tells of whom they spoke.
 */
export async function renewJournalIndex(database: Database, findings: readonly Finding[]): Promise<void> {
  await database.writeCheckRecord(async ({ engine, [QUERY]: query }) => {
    const blocks = findings.flatMap((finding) =>
      finding.kind === 'entry' && finding.entity === null ? [[finding.origin, finding.epoch, finding.seq]] : [],
    )
    const kept = blocks.map(() => ` and not (origin = ? and epoch = ? and seq = ${LAST_OF_BLOCK})`).join('')
    const places = blocks.flatMap((place) => [...place.slice(0, 2), ...place])
    await run(query, engine, `delete from journal_row${kept.replace(' and', ' where')}`, places)
    await run(query, engine, 'delete from journal_packing', [])
  })
}

/** A block is found by its first entry, and named by its last. */
const LAST_OF_BLOCK = `(select min(seq) from journal where origin = ? and epoch = ? and seq >= ?)`
