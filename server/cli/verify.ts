import { findJournalFault, type JournalFault } from '../../db/verify.ts'
import { StartRefused } from '../config.ts'
import { type Command, configOf, withDatabase } from './command.ts'
import { grouped, progressOf } from './progress.ts'

export const verify: Command = {
  name: 'verify',
  summary: 'Check that the journal is as it was written, and name the first row that is not.',
  usage: '',
  run: async (asked) => {
    const { terminal } = asked
    await withDatabase(configOf(asked), { terminal, mustExist: true }, async ({ db }) => {
      const { seq } = await db.selectFrom('node').select('seq').where('is_self', '=', 1).executeTakeFirstOrThrow()
      const progress = progressOf(terminal, 'journal', () => performance.now())
      let entries = 0
      const fault = await findJournalFault(db, (walked) => progress.show((entries = walked) / Math.max(1, seq), walked))
      progress.end()
      if (fault) throw new StartRefused(sentence(fault))
      terminal.out(`The journal is as it was written: ${grouped(entries)} entries.`)
    })
  },
}

const REASONS: Record<JournalFault['reason'], string> = {
  body: 'what it says of the row (before, after or salt) was changed',
  digest: 'its digest was changed',
  header: 'its header or chain was changed',
  missing: 'it is missing',
  end: 'the journal does not end where it was left: its last entries were cut off, added or written again',
}

function sentence({ origin, epoch, seq, reason, entity, row_id }: JournalFault): string {
  const row = entity === null ? '' : `, about ${entity} ${row_id}`
  return `The journal was tampered with: entry ${origin}/${epoch}/${seq}${row}: ${REASONS[reason]}.`
}
