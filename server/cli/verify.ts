import { checkContent } from '../../db/check/check-content.ts'
import { saveContentCheck } from '../../db/check/check-record.ts'
import { type Finding, isMended, sentenceOf, stopsWrites } from '../../db/check/findings.ts'
import { mendSchema } from '../../db/check/schema/mend-schema.ts'
import { RESTORE } from '../../db/errors.ts'
import { renewJournalIndex } from '../../db/journal/renew-index.ts'
import { journalLength } from '../../db/journal/begin-epoch.ts'
import { StartRefused } from '../config.ts'
import { type Command, configOf, withDatabase } from './command.ts'
import { grouped, progressOf } from './progress.ts'

export const verify: Command = {
  name: 'verify',
  summary: 'Check that the journal is as it was written and every row as it says, and name the first one that is not.',
  usage: '',
  run: async (asked) => {
    const { terminal } = asked
    await withDatabase(configOf(asked), { terminal, mustExist: true }, async (database) => {
      const length = Math.max(1, await journalLength(database.db))
      const progress = progressOf(terminal, 'content', () => performance.now())
      const { findings, ...counted } = await checkContent(database, ({ rows, entries }) =>
        progress.show(shareOf(rows, entries, length), rows + entries),
      )
      progress.end()
      const { rows, entries, erased } = counted
      const known = await database.writeCheckRecord((trx) =>
        saveContentCheck(trx, { finished_at: Date.now(), rows, entries, findings }),
      )
      if (findings.some(isMended) && !known.some(stopsWrites)) {
        await mendSchema(database)
        await database.mendCounters()
        if (findings.some(({ kind }) => kind === 'indexed')) await renewJournalIndex(database, findings)
        for (const finding of findings) if (finding.kind === 'sorted') await database.renewSorted(finding.table)
      }
      for (const finding of findings.filter(isMended)) terminal.out(sentenceOf(finding))
      const wrong = known.filter((finding) => !isMended(finding))
      if (wrong.length > 0) throw new StartRefused([...wrong.map(sentenceOf), ...adviceOn(wrong)].join('\n'))
      const forgotten = erased > 0 ? `, ${grouped(erased)} of them erased as it says` : ''
      terminal.out(
        `The journal is as it was written, and every row as it says: ${grouped(entries)} entries${forgotten}.`,
      )
    })
  },
}

/** A trigger has its own way to go on in its sentence. */
const adviceOn = (wrong: readonly Finding[]) => (wrong.every(({ kind }) => kind === 'trigger') ? [] : [ADVICE])

const ADVICE = `Keep the file as it is, for whoever looks into it. ${RESTORE}`

/** How much of the check is done, 0 to 1: there are about as many rows as entries, and an entry takes twice as long. */
const shareOf = (rows: number, entries: number, length: number) =>
  (Math.min(rows, length) + 2 * Math.min(entries, length)) / (3 * length)
