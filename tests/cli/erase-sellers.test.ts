import { expect, test } from 'vitest'
import type { Trx } from '../../db/handle.ts'
import { insert, patch } from '../../db/rows.ts'
import { findOrAddModel, findOrAddNamed } from '../../server/shop/devices/catalogue.ts'
import { registerDevice } from '../../server/shop/devices/devices.ts'
import { addUser } from '../../server/shop/people/users.ts'
import { beginPending, keepFiles, readPhoto, resolvePending } from '../../server/shop/photos/photo-files.ts'
import { beginDraft } from '../../server/shop/trade-ins/drafts.ts'
import { appendOffer } from '../../server/shop/trade-ins/offers.ts'
import { buy, undoPurchase } from '../../server/shop/trade-ins/purchases.ts'
import { addQuestions, takeChecklist } from '../../server/shop/trade-ins/questions.ts'
import { requestPickup } from '../../server/shop/trade-ins/trade-ins.ts'
import { journalOf } from '../support/journal.ts'
import { type CommandLine, openCommandLine } from './command-line.ts'

const HASHES = ['a', 'b', 'c'].map((letter) => letter.repeat(64))
/** Of a price that was raised, of an answer, and of the seller's card. */
const [OFFER, ANSWER, CARD] = HASHES as [string, string, string]

/** A shop that bought a phone of Wilhelmina Quux, took that back and bought it again; returns her number. */
async function fill(cli: CommandLine) {
  for (const sha256 of HASHES) {
    const mark = await beginPending(cli.folder, sha256)
    await keepFiles(cli.folder, {
      sha256,
      files: { full: cli.file('full', 'full'), thumbnail: cli.file('thumbnail', 'thumb') },
    })
    await resolvePending(cli.folder, mark, async () => true)
  }
  return await cli.look(async (database) => {
    const clerk = await database.write({ actor: null, device: null, act: 'test' }, (trx) =>
      addUser(trx, { full_name: 'Clerk', role: 'customer', is_staff: true }),
    )
    return await database.write({ actor: clerk, device: null, act: 'test' }, sellPhone)
  })
}

async function sellPhone(trx: Trx) {
  const made_by = trx.act.actor!
  const user_id = await addUser(trx, { full_name: 'Wilhelmina Quux', role: 'customer', is_staff: false })
  const photos: number[] = []
  for (const sha256 of HASHES) photos.push(await insert(trx, 'photo', { sha256, width: 1, height: 1, bytes: 4 }))
  await insert(trx, 'category', { slug: 'phones', name: 'Phone', name_key: 'phone', shown_as: 'Phones' })
  const device_type_id = await findOrAddNamed(trx, 'device_type', 'Phone')
  const brand_id = await findOrAddNamed(trx, 'brand', 'Apple')
  const model_id = await findOrAddModel(trx, { device_type_id, brand_id, name: 'iPhone 13' })
  const { id: device_id } = await registerDevice(trx, { device_type_id, brand_id, model_id, owner_id: user_id })
  const pickup_id = await requestPickup(trx, { user_id, brand_id, model_text: 'iPhone 13', condition: 'B' }, [])
  await answer(trx, pickup_id, photos[1]!)
  const offer = { pickup_id, condition: 'B' as const, base_cents: null, source: 'manual' as const, deductions: [] }
  const reason = 'Mrs Quux knows the boss'
  await appendOffer(trx, { ...offer, price_cents: 19_000, made_by, approved_by: made_by, reason, photo_id: photos[0]! })
  await patch(trx, 'pickup_request', pickup_id, { device_id, status: 'offered', notes: 'Quux rings twice' })
  const sold = () =>
    buy(trx, {
      pickup_id,
      offer_version: 1,
      identity: {
        kind: 'private',
        name: 'Wilhelmina Quux-Smith',
        document_kind: 'id-card',
        number: 'L01X00T47',
        issuer: null,
        valid_until: null,
        born: null,
        address: 'Kept Lane 3',
        photo_id: photos[2]!,
      },
      other_owner: false,
      declaration: { language: 'en', words_version: 1, signature: 'M77 77L88 88', photo_id: null },
      payout: [{ method: 'cash', amount_cents: 19_000 }],
      selling_price_cents: 29_900,
      approved_by: null,
      request_key: null,
    })
  await undoPurchase(trx, (await sold()).id, { reason: 'Mrs Quux wept', approved_by: made_by, request_key: null })
  await sold()
  await beginDraft(trx, { pickup_id, device: { brand: 'Quux' } })
  return user_id
}

async function answer(trx: Trx, pickup_id: number, photo_id: number) {
  const list = await takeChecklist(trx, null)
  const text = { section: 'function' as const, part: null, text: { en: 'Anything else?' }, must: false, options: [] }
  await addQuestions(trx, list, [{ ...text, answers: 'text' }])
  const { id: item_id } = await trx.selectFrom('checklist_item').select('id').executeTakeFirstOrThrow()
  await insert(trx, 'checklist_answer', {
    item_id,
    item_text: JSON.stringify(text.text),
    pickup_id,
    choice: 'Mrs Quux dropped it',
    user_id: trx.act.actor!,
    photo_id,
  })
}

test('what an erased person sold leaves who they were until its day and nothing else, and the command says so', async () => {
  await using cli = await openCommandLine()
  const user_id = await fill(cli)
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
  ])
  await cli.look(async (database) => {
    const { db } = database
    const tables = ['user', 'pickup_request', 'offer', 'checklist_answer', 'receipt', 'buy_in_draft'] as const
    const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
    const written = JSON.stringify([rows, await journalOf(database)])
    // The identity's own words are kept; all other mentions are gone.
    expect(written.replaceAll('Wilhelmina Quux-Smith', '')).not.toContain('Quux')
    expect(written).toContain('Kept Lane 3')
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
  const user_id = await fill(cli)
  await cli.look((database) =>
    database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
      for (const { id } of await trx.selectFrom('seller_identity').select('id').execute())
        await patch(trx, 'seller_identity', id, { retain_until: trx.act.now - 1 })
    }),
  )
  const { out } = await cli.run(['erase', '--customer', String(user_id)])
  expect(out).not.toContain('identity of the seller of')
  expect(out).toContain('the declaration of S1-T1-P000003')
  expect(JSON.stringify(await cli.look(journalOf))).not.toMatch(/Quux|Kept Lane/)
  expect(await readPhoto(cli.folder, CARD, 'full')).toBe(null)
  expect((await cli.run(['verify'])).code).toBe(0)
})
