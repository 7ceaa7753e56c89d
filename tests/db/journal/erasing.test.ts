import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import type { Database } from '../../../db/database.ts'
import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { insert, insertMany, patch } from '../../../db/rows.ts'
import { openCommandLine } from '../../cli/command-line.ts'
import { journalOf, packWholeJournal } from '../../support/journal.ts'

const by = { actor: null, device: null, act: 'test' }

/** The database, whose process ends with its second write. */
function killedAfterOne(database: Database): Database {
  let writes = 0
  return {
    ...database,
    write: async (who, run) => {
      if (++writes > 1) throw new Error('killed')
      return await database.write(who, run)
    },
  }
}

test.each(['as it was written', 'packed'])(
  'an erasure that was killed is brought to its end by the next one, in a journal %s of a restored shop too',
  async (form) => {
    await using cli = await openCommandLine()
    await cli.look(async (database) => {
      const brands = Array.from({ length: 300 }, (_, n) => ({ name: `Brand ${n}`, name_key: `brand ${n}` }))
      await database.write(by, (trx) => insertMany(trx, 'brand', brands))
      const id = await database.write(by, (trx) =>
        insert(trx, 'user', { full_name: 'Wilhelmina Quux', role: 'customer', is_staff: false, is_active: true }),
      )
      await database.write(by, (trx) => beginEpoch(trx, { epoch: 2, backup_at: null }))
      await database.write(by, async (trx) => {
        for (let n = 0; n < 200; n++) await patch(trx, 'user', id, { full_name: n < 199 ? `Quux ${n}` : 'Nobody' })
      })
      if (form === 'packed') await packWholeJournal(database)
      await expect(eraseBodies(killedAfterOne(database), by, { user: [id] })).rejects.toThrow('killed')
      await eraseBodies(database, by, { user: [id] })
      const told = (await journalOf(database)).filter((entry) => JSON.stringify(entry).includes('Quux'))
      expect(told.map(({ epoch, seq }) => ({ epoch, seq }))).toEqual([])
      expect(await checkContent(database)).toMatchObject({ findings: [], erased: 201 })
      expect(await eraseBodies(database, by, { user: [id] })).toBe(0)
    })
  },
)
