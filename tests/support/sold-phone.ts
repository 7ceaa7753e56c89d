import type { Trx } from '../../db/handle.ts'
import { insert, patch } from '../../db/rows.ts'
import { findOrAddModel, findOrAddNamed } from '../../server/shop/devices/catalogue.ts'
import { registerDevice } from '../../server/shop/devices/devices.ts'
import { addUser } from '../../server/shop/people/users.ts'
import { beginPending, keepFiles, resolvePending } from '../../server/shop/photos/photo-files.ts'
import { beginDraft } from '../../server/shop/trade-ins/drafts.ts'
import { appendOffer } from '../../server/shop/trade-ins/offers.ts'
import { buy, undoPurchase } from '../../server/shop/trade-ins/purchases.ts'
import { addQuestions, takeChecklist } from '../../server/shop/trade-ins/questions.ts'
import { requestPickup } from '../../server/shop/trade-ins/trade-ins.ts'
import type { CommandLine } from '../cli/command-line.ts'

const HASHES = ['a', 'b', 'c'].map((letter) => letter.repeat(64))
/** Of a price that was raised, of an answer, and of the seller's card. */
export const [OFFER, ANSWER, CARD] = HASHES as [string, string, string]

/** Where part of the money went. */
export const ACCOUNT = 'DE02 1203 0000 QUUX'

/** A shop that bought a phone of Wilhelmina Quux, took that back and bought it again; returns her number. */
export async function soldPhone(cli: CommandLine) {
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
      declaration: { language: 'en', words_version: 1, signature: 'M77 77L88 88' },
      payout: [
        { method: 'cash', amount_cents: 9_000 },
        { method: 'transfer', amount_cents: 10_000, reference: ACCOUNT },
      ],
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
