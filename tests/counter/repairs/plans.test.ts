import { expect, test } from 'vitest'
import { board } from '../../../server/counter/repairs/board.ts'
import { owedInShop } from '../../../server/counter/repairs/repair-counts.ts'
import { ENGINE } from '../../support/database.ts'
import { openWatched } from '../../support/watched-statements.ts'

const NOW = Date.UTC(2026, 2, 4)

test.skipIf(ENGINE === 'postgres')(
  'board and money owed never walk through repairs that were over long ago',
  async () => {
    await using watched = await openWatched()
    const { db } = watched
    await board[0]!.handle({ db, now: () => NOW } as never, { query: {} } as never)
    await owedInShop(db, NOW)
    const plans = watched.plans()
    const over = plans.filter(({ sql }) => /to_value = 'Cancelled'|unit.*purchase_receipt_id/.test(sql))
    expect(over).toHaveLength(2)
    expect(
      over.flatMap(({ steps }) => steps).filter((step) => /repair_order.*status=|^SCAN repair_order/.test(step)),
    ).toEqual([])
    expect(plans.filter(({ steps }) => steps.some((step) => step.startsWith('SCAN repair_order')))).toEqual([])
  },
)
