import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { sentenceOf } from '../../../db/check/findings.ts'
import type { Trx } from '../../../db/handle.ts'
import { insert, patchUnchecked } from '../../../db/rows.ts'
import { takeNumbers } from '../../../server/shop/document-numbers.ts'
import { type CommandLine, openCommandLine } from '../../cli/command-line.ts'
import { soldPhone } from '../../support/sold-phone.ts'

/** Writes past the rules of money, and tells the journal, as a fault of the program would. */
const write = (cli: CommandLine, run: (trx: Trx) => Promise<unknown>) =>
  cli.look((database) => database.write({ actor: null, device: null, act: 'test' }, run))

const found = (cli: CommandLine) =>
  cli.look(async (database) => {
    const { findings } = await checkContent(database)
    return findings.map((finding) =>
      finding.kind === 'document' ? `${finding.number} ${finding.reason}` : sentenceOf(finding),
    )
  })

const idOf = async (trx: Trx, table: 'receipt_line' | 'leg' | 'leg_share' | 'receipt', n: number) =>
  (await trx.selectFrom(table).select('id').orderBy('id').execute())[n]!.id

/** Each part of a document that may be wrong, and what then does not add up. Of three purchases the second takes the first back. */
const WRONG: Record<string, [string[], (trx: Trx) => Promise<unknown>]> = {
  'a total': [
    ['S1-T1-P000003 lines', 'S1-T1-P000003 legs'],
    async (trx) => patchUnchecked(trx, 'receipt', await idOf(trx, 'receipt', 2), { total_cents: 18_999 }),
  ],
  'a line': [
    ['S1-T1-P000003 lines', 'S1-T1-P000003 line-shares', 'S1-T1-P000003 tax'],
    async (trx) => patchUnchecked(trx, 'receipt_line', await idOf(trx, 'receipt_line', 2), { gross_cents: 19_001 }),
  ],
  'a leg': [
    ['S1-T1-P000001 legs', 'S1-T1-P000001 leg-shares'],
    async (trx) => patchUnchecked(trx, 'leg', await idOf(trx, 'leg', 0), { amount_cents: -9_001 }),
  ],
  'a leg too many': [
    ['S1-T1-P000002 legs', 'S1-T1-P000002 leg-shares'],
    async (trx) => insert(trx, 'leg', { receipt_id: await idOf(trx, 'receipt', 1), method: 'cash', amount_cents: 1 }),
  ],
  'a share': [
    ['S1-T1-P000001 leg-shares', 'S1-T1-P000001 line-shares'],
    async (trx) => patchUnchecked(trx, 'leg_share', await idOf(trx, 'leg_share', 1), { amount_cents: 0 }),
  ],
  'the tax of a line': [
    ['S1-T1-P000003 tax'],
    async (trx) => patchUnchecked(trx, 'receipt_line', await idOf(trx, 'receipt_line', 2), { tax_cents: 1 }),
  ],
  'what is taken back': [
    ['S1-T1-P000002 original'],
    async (trx) => {
      const receipt_id = await idOf(trx, 'receipt', 0)
      const [line_id, leg_id] = [await idOf(trx, 'receipt_line', 0), await idOf(trx, 'leg', 0)]
      await patchUnchecked(trx, 'receipt', receipt_id, { total_cents: 19_001 })
      await patchUnchecked(trx, 'receipt_line', line_id, { gross_cents: 19_001, net_cents: 19_001 })
      await patchUnchecked(trx, 'leg', leg_id, { amount_cents: -9_001 })
      await patchUnchecked(trx, 'leg_share', await idOf(trx, 'leg_share', 0), { amount_cents: -9_001 })
    },
  ],
  'a number that nobody bears': [
    ['S1-T1-P… gap'],
    async (trx) => {
      const [number] = await takeNumbers(trx, 'purchase', 2).then((numbers) => numbers.slice(-1))
      const {
        id: _,
        original_id: __,
        ...first
      } = await trx
        .selectFrom('receipt')
        .selectAll()
        .where('id', '=', await idOf(trx, 'receipt', 0))
        .executeTakeFirstOrThrow()
      const { kind, cashier_id, currency, tax_mode, surface, started_at } = first
      const head = { kind, cashier_id, currency, tax_mode, surface, started_at }
      await insert(trx, 'receipt', { ...head, number: number!, total_cents: 0 })
    },
  ],
}

test('E59: documents that the program wrote add up', async () => {
  await using cli = await openCommandLine()
  await soldPhone(cli)
  expect(await found(cli)).toEqual([])
  expect((await cli.run(['verify'])).code).toBe(0)
})

test.each(Object.keys(WRONG))('E59: %s that is wrong is found, though the journal bears it out', async (name) => {
  await using cli = await openCommandLine()
  await soldPhone(cli)
  const [expected, spoil] = WRONG[name]!
  await write(cli, spoil)
  expect(await found(cli)).toEqual(expected)
  const verified = await cli.run(['verify'])
  expect(verified.code).toBe(1)
  expect(verified.err).toMatch(/does not add up|leave some out/)
})
