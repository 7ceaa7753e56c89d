import { readCheckRecord } from '../../../db/check/check-record.ts'
import { isMended, placeOf, sentenceOf, stopsWrites, wordsOf } from '../../../db/check/findings.ts'
import { read } from '../../http/endpoint.ts'
import { anyEmployee } from '../../http/auth/permissions.ts'
import { DatabaseCheck } from './checks.contract.ts'

export const checks = [
  read(
    'GET /check',
    { who: anyEmployee, response: DatabaseCheck, summary: 'What the daily check of the database found' },
    async ({ db, database }) => {
      const { position, finished_at, entries, rows, findings } = await readCheckRecord(db)
      return {
        finished_at,
        entries,
        rows,
        under_way: position !== null,
        blocked: database.damage() !== null,
        gone: database.place.gone(),
        // They name rows of all stores.
        findings: (db.reach === undefined ? findings : []).map((finding) => ({
          kind: finding.kind,
          sentence: sentenceOf(finding),
          words: wordsOf(finding),
          place: placeOf(finding),
          blocks: stopsWrites(finding),
          mended: isMended(finding),
        })),
      }
    },
  ),
]
