import { expect, test } from 'vitest'
import { patchUnchecked } from '../../db/rows.ts'
import { readPhoto } from '../../server/shop/photos/photo-files.ts'
import { journalOf, QUUX } from '../support/journal.ts'
import { ACCOUNT, ANSWER, CARD, OFFER, soldPhone } from '../support/sold-phone.ts'
import { openCommandLine } from './command-line.ts'

/** All papers of this kind have had the day until which they are kept. */
const letDayCome = (cli: Awaited<ReturnType<typeof openCommandLine>>, papers: 'seller_identity' | 'declaration') =>
  cli.look((database) =>
    database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
      for (const { id } of await trx.selectFrom(papers).select('id').execute())
        await patchUnchecked(trx, papers, id, { retain_until: trx.act.now - 1 })
    }),
  )

test('what an erased person sold leaves who they were until its day and nothing else, and the command says so', async () => {
  await using cli = await openCommandLine()
  const user_id = await soldPhone(cli)
  const erased = await cli.run(['erase', '--customer', String(user_id)])
  expect(erased).toMatchObject({ code: 0, err: '' })
  const today = new Date()
  const until = new Date(Date.UTC(today.getUTCFullYear() + 6, today.getUTCMonth(), today.getUTCDate() + 1))
  const day = until.toISOString().slice(0, 10)
  expect(erased.out.split('\n').filter((line) => line.startsWith('Kept until'))).toEqual([
    `Kept until ${day}: the identity of the seller of S1-T1-P000001.`,
    `Kept until ${day}: the identity of the seller of S1-T1-P000003.`,
    `Kept until ${day}: the declaration of S1-T1-P000001.`,
    `Kept until ${day}: the declaration of S1-T1-P000003.`,
    `Kept until ${day}: the account that was paid for S1-T1-P000001.`,
    `Kept until ${day}: the account that was paid for S1-T1-P000003.`,
  ])
  await cli.look(async (database) => {
    const { db } = database
    const tables = ['user', 'pickup_request', 'offer', 'checklist_answer', 'receipt', 'buy_in_draft'] as const
    const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
    const written = JSON.stringify([rows, await journalOf(database)])
    // The identity's own words are kept; all other mentions are gone.
    expect(written.replaceAll('Wilhelmina Quux-Smith', '')).not.toMatch(QUUX)
    expect(written).toContain('Kept Lane 3')
    expect(written).toContain(ACCOUNT)
    expect(rows.at(-1)).toEqual([])
    const identities = await db.selectFrom('seller_identity').selectAll().execute()
    expect(identities).toMatchObject([{ name: 'Wilhelmina Quux-Smith' }, { address: 'Kept Lane 3', erased_at: null }])
    const declarations = await db.selectFrom('declaration').selectAll().execute()
    expect(declarations).toMatchObject([{ signature: 'M77 77L88 88' }, { signature: 'M77 77L88 88' }])
    const totals = await db.selectFrom('receipt').select('total_cents').orderBy('id').execute()
    expect(totals.map(({ total_cents }) => total_cents)).toEqual([19_000, -19_000, 19_000])
  })
  for (const [sha256, left] of [
    [OFFER, null],
    [ANSWER, null],
    [CARD, Buffer.from('full')],
  ] as const)
    expect(await readPhoto(cli.folder, sha256, 'full')).toEqual(left)
  expect((await cli.run(['verify'])).code).toBe(0)
})

test('on the day of who sold the command erases them too', async () => {
  await using cli = await openCommandLine()
  const user_id = await soldPhone(cli)
  await letDayCome(cli, 'seller_identity')
  const { out } = await cli.run(['erase', '--customer', String(user_id)])
  expect(out).not.toContain('identity of the seller of')
  expect(out).toContain('the declaration of S1-T1-P000003')
  const journal = JSON.stringify(await cli.look(journalOf))
  for (const trace of [QUUX, /Kept Lane/]) expect(journal).not.toMatch(trace)
  expect(await readPhoto(cli.folder, CARD, 'full')).toBe(null)
  expect((await cli.run(['verify'])).code).toBe(0)
})

test('nothing has its day by a clock that the last write contradicts', async () => {
  await using cli = await openCommandLine()
  const user_id = await soldPhone(cli)
  await letDayCome(cli, 'seller_identity')
  await cli.tamper(`update self set trusted_at = trusted_at - ${400 * 86_400_000}`)
  const { code, out } = await cli.run(['erase', '--customer', String(user_id)])
  expect(code).toBe(0)
  expect(out).toContain('the identity of the seller of S1-T1-P000003')
  expect(JSON.stringify(await cli.look(journalOf))).toContain('Kept Lane 3')
})

test('the account that was paid goes with the declaration, of what took the purchase back too', async () => {
  await using cli = await openCommandLine()
  const user_id = await soldPhone(cli)
  await letDayCome(cli, 'declaration')
  const { out } = await cli.run(['erase', '--customer', String(user_id)])
  expect(out).not.toMatch(/the (declaration of|account)/)
  await cli.look(async (database) => {
    const legs = await database.db.selectFrom('leg').select(['amount_cents', 'reference']).orderBy('id').execute()
    const paid = [-9_000, -10_000]
    expect(legs).toEqual([...paid, 9_000, 10_000, ...paid].map((amount_cents) => ({ amount_cents, reference: null })))
    expect(JSON.stringify(await journalOf(database))).not.toContain(ACCOUNT)
  })
  expect((await cli.run(['verify'])).code).toBe(0)
})
