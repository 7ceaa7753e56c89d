import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { expect, test } from 'vitest'
import { handle } from '../../../db/handle.ts'
import type { Schema } from '../../../db/schema/schema.ts'
import { board } from '../../../server/counter/repairs/board.ts'
import { owedInShop } from '../../../server/counter/repairs/repair-counts.ts'
import { ENGINE, freshDatabase } from '../../support/database.ts'

const NOW = Date.UTC(2026, 2, 4)

test.skipIf(ENGINE === 'postgres')(
  'board and money owed never walk through repairs that were over long ago',
  async () => {
    const { at, remove } = await freshDatabase()
    const sqlite = new Sqlite('file' in at ? at.file : '')
    const asked: { sql: string; parameters: readonly unknown[] }[] = []
    const query = new Kysely<Schema>({
      dialect: new SqliteDialect({ database: sqlite }),
      log: (event) => void asked.push(event.query),
    })
    const db = handle(query, 'sqlite')
    await board[0]!.handle({ db, now: () => NOW } as never, { query: {} } as never)
    await owedInShop(db, NOW)
    const plans = asked.map(({ sql, parameters }) => {
      const steps = sqlite.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[]
      return { sql, steps: steps.map(({ detail }) => detail) }
    })
    await query.destroy()
    await remove()
    const over = plans.filter(({ sql }) => /to_value = 'Cancelled'|unit.*purchase_receipt_id/.test(sql))
    expect(over).toHaveLength(2)
    expect(
      over.flatMap(({ steps }) => steps).filter((step) => /repair_order.*status=|^SCAN repair_order/.test(step)),
    ).toEqual([])
    expect(plans.filter(({ steps }) => steps.some((step) => step.startsWith('SCAN repair_order')))).toEqual([])
  },
)
