import { describe, expect, onTestFinished, test } from 'vitest'
import { IN_MEMORY, openSqlite } from '../../../db/engines/sqlite.ts'
import { DatabaseDamaged, DatabaseGone } from '../../../db/errors.ts'
import { migrate } from '../../../db/migrations/migrate.ts'
import { newBrokenIndexes } from '../../../db/search/broken-indexes.ts'
import { scheduleIndexing } from '../../../db/search/schedule-indexing.ts'
import { ENGINE } from '../../support/database.ts'

const coded = (code: string) => Object.assign(new Error(code), { code })
const BROKEN = coded('SQLITE_CORRUPT_VTAB')

/** An index that was met broken, and is made anew with what `outcomes` say, one after the other. */
async function openBroken(outcomes: (Error | null)[]) {
  const engine = openSqlite(IN_MEMORY)
  await migrate(engine, { open: async () => null, close: async () => {} })
  const broken = newBrokenIndexes()
  const heard: Error[] = []
  const schedule = scheduleIndexing(engine, broken, {
    onError: (error) => void heard.push(error),
    stopped: () => false,
    renew: async () => {
      const outcome = outcomes.shift()
      if (outcome) throw outcome
    },
  })
  onTestFinished(async () => {
    await schedule.stop()
    await engine.close()
  })
  const meet = () => broken.note(BROKEN, 'select rowid from search_user')
  expect(meet()).toBe(true)
  return { meet, heard, outcomes, flush: () => schedule.flush() }
}

describe.skipIf(ENGINE === 'postgres')('a search index that could not be made anew', () => {
  test.each([
    coded('ERR_WORKER_OUT_OF_MEMORY'),
    coded('EMFILE'),
    new DatabaseGone('/fixpoint.db'),
  ])('because of %s is tried again, and is no damage when it is met meanwhile', async (error) => {
    const { meet, heard, outcomes, flush } = await openBroken([error, null])
    await flush()
    expect(heard).toEqual([error])
    expect(meet()).toBe(true)
    await flush()
    expect(outcomes).toEqual([])
    expect(meet()).toBe(false)
  }) // oxfmt-ignore

  test('because the file is damaged is damage like any other', async () => {
    const { meet, flush } = await openBroken([new DatabaseDamaged()])
    await flush()
    expect(meet()).toBe(false)
  })

  test('is not tried without end where the system fails each time, but is while the file is away', async () => {
    const tired = await openBroken(Array.from({ length: 5 }, () => coded('EMFILE')))
    for (let tried = 1; tried <= 5; tried++) {
      expect(tired.meet()).toBe(true)
      await tired.flush()
    }
    expect(tired.meet()).toBe(false)
    const away = await openBroken(Array.from({ length: 6 }, () => new DatabaseGone('/fixpoint.db')))
    for (let tried = 1; tried <= 6; tried++) await away.flush()
    expect(away.meet()).toBe(true)
  })
})
