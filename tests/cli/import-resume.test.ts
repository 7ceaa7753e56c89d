import { once } from 'node:events'
import { setImmediate as immediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { ENGINE } from '../support/database.ts'
import { openCommandLine, spawnCli } from './command-line.ts'

const HEADER = 'id,product_category,brand,repair_status,event_date,problem'
const ROWS = 15_000

test.skipIf(ENGINE === 'postgres')(
  'an import that was killed goes on where it was, and nothing is there twice',
  async () => {
    await using cli = await openCommandLine()
    const rows = Array.from(
      { length: ROWS },
      (_, n) => `k_${n},Lamp,Brand ${n % 50},Fixed,2020-01-02,"it is dark, number ${n}"`,
    )
    const file = cli.file('long.csv', [HEADER, ...rows].join('\n'))
    const child = spawnCli(['import', 'ords', file, '--data', cli.folder])
    const ended = once(child, 'exit')
    await cli.look(async ({ db }) => {
      while (
        (await db.selectFrom('repair_order').select('id').limit(1).execute()).length === 0 &&
        child.exitCode === null
      )
        await immediate()
    })
    child.kill('SIGKILL')
    await ended

    const { code, out } = await cli.run(['import', 'ords', file])
    expect(code).toBe(0)
    expect(out).toMatch(/went on after line [1-9]/)
    await cli.look(async ({ db, scan }) => {
      const orders = await db.selectFrom('repair_order').select(['source_key', 'ticket_number']).execute()
      expect(new Set(orders.map(({ source_key }) => source_key)).size).toBe(ROWS)
      expect(orders).toHaveLength(ROWS)
      expect(new Set(orders.map(({ ticket_number }) => ticket_number)).size).toBe(ROWS)
      expect(await db.selectFrom('import_run').selectAll().execute()).toEqual([])
      expect((await checkContent({ scan })).findings).toEqual([])
    })
  },
)
