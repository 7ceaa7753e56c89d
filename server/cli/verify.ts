import { journalLength } from '../../db/journal/begin-epoch.ts'
import { findJournalError, type JournalError } from '../../db/journal/verify.ts'
import { findRowMismatch, openTally, type RowMismatch } from '../../db/journal/verify-rows.ts'
import { RESTORE } from '../../db/errors.ts'
import { StartRefused } from '../config.ts'
import { type Command, configOf, withDatabase } from './command.ts'
import { grouped, progressOf } from './progress.ts'

export const verify: Command = {
  name: 'verify',
  summary: 'Check that the journal is as it was written and every row as it says, and name the first one that is not.',
  usage: '',
  run: async (asked) => {
    const { terminal } = asked
    await withDatabase(configOf(asked), { terminal, mustExist: true }, async ({ db }) => {
      const length = await journalLength(db)
      const progress = progressOf(terminal, 'journal', () => performance.now())
      let entries = 0
      let erased = 0
      const tally = openTally()
      const fault = await findJournalError(db, (entry) => {
        progress.show(++entries / Math.max(1, length), entries)
        if (entry.salt === null) erased += 1
        tally.addEntry(entry)
      })
      const row = fault ? null : await findRowMismatch(db, tally)
      progress.end()
      if (fault) throw new StartRefused(`${sentence(fault)}\n${ADVICE}`)
      if (row) throw new StartRefused(`${rowSentence(row)}\n${ADVICE}`)
      const forgotten = erased > 0 ? `, ${grouped(erased)} of them erased as it says` : ''
      terminal.out(
        `The journal is as it was written, and every row as it says: ${grouped(entries)} entries${forgotten}.`,
      )
    })
  },
}

const ADVICE = `Keep the file as it is, for whoever looks into it. ${RESTORE}`

const REASONS: Record<JournalError['reason'], string> = {
  body: 'what it says of the row (before, after or salt) was changed',
  digest: 'its digest was changed',
  header: 'its header or chain was changed',
  blank: 'its body is gone, and no erasure says so',
  missing: 'it is missing',
  end: 'the journal does not end where it was left: its last entries were cut off, added or written again',
}

function sentence({ origin, epoch, seq, reason, entity, row_id }: JournalError): string {
  const row = entity === null ? '' : `, about ${entity} ${row_id}`
  return `The journal was tampered with: entry ${origin}/${epoch}/${seq}${row}: ${REASONS[reason]}.`
}

function rowSentence({ table, row_id, reason, fields }: RowMismatch): string {
  const how = {
    changed: `${fields.join(', ')} differs from what the journal says`,
    missing: 'the journal knows it, but it is gone',
    unknown: 'the journal does not know it',
  }
  return `A row was tampered with: ${table} ${row_id}: ${how[reason]}.`
}
