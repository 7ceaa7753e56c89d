import { type Db, backdated, type Trx } from '../../../db/handle.ts'
import { DECLARATION_VERSION } from '../../domain/trade-ins/declaration.ts'
import { findOrAddStarter, type starterLanguage } from '../devices/starter-catalogue.ts'
import { addUser } from '../people/users.ts'
import { beginDraft, type DraftAnswer, type DraftDevice, findDraft } from '../trade-ins/drafts.ts'
import { nameSeller } from '../trade-ins/evaluation.ts'
import { standingOffer } from '../trade-ins/offers.ts'
import { buy } from '../trade-ins/purchases.ts'
import { questionsFor } from '../trade-ins/questions.ts'
import { addStarterQuestions } from '../trade-ins/starter-questions.ts'
import { type Found, SIGNATURE, UNDER_WAY, WALK_INS, type WalkIn } from './buy-ins-data.ts'
import { serialOf } from './repairs-data.ts'

/** What the demonstration's counter buys in: walk-ins who sold or are thinking it over, and evaluations under way. */

const HOUR = 3_600_000
const DAY = 24 * HOUR

type Language = Awaited<ReturnType<typeof starterLanguage>>
type Crew = { bench: number; desk: number; language: Language }

/** A step of the demonstration for each walk-in, and one for what is under way. */
export const BUY_IN_STEPS = WALK_INS.length + 1

/** What is there already is left alone. */
export async function openDemoBuyIns(
  db: Db,
  step: (run: (trx: Trx) => Promise<unknown>) => Promise<void>,
  crew: Crew,
): Promise<void> {
  for (const [n, walkIn] of WALK_INS.entries())
    if (!(await isKnown(db, walkIn)))
      await step(async (trx) => {
        await addStarterQuestions(trx)
        await playWalkIn(trx, walkIn, n, crew)
      })
  const { count } = await db
    .selectFrom('buy_in_draft')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count === 0) await step((trx) => lookAtDevices(trx, crew))
}

const sourceKey = ({ key }: WalkIn) => `demo:seller:${key}`

const isKnown = async (db: Db, walkIn: WalkIn) =>
  (await db.selectFrom('user').select('id').where('source_key', '=', sourceKey(walkIn)).executeTakeFirst()) !==
  undefined

/** Somebody comes, their device is looked at and offered for; who says yes sells it at once. */
async function playWalkIn(trx: Trx, walkIn: WalkIn, n: number, { bench, desk, language }: Crew) {
  const { full_name, phone, age, sold_at } = walkIn
  const came = trx.act.now - age * DAY - 2 * HOUR
  const at = (minutes: number, actor: number) => backdated(trx, { now: came + minutes * 60_000, actor })
  const account = { full_name, phone, role: 'customer' as const, is_staff: false, source_key: sourceKey(walkIn) }
  const customer_id = await addUser(at(0, desk), account)
  const looking = at(5, bench)
  const draft = await beginEvaluation(looking, walkIn.device, serialOf(7_000 + n, walkIn.device[0]), walkIn.found)
  const { pickup_id } = await nameSeller(looking, await findDraft(looking, draft), { customer_id, approved_by: null })
  if (sold_at === null) return
  const selling = at(15, desk)
  const { version, price_cents } = (await standingOffer(selling, pickup_id))!
  const [document_kind, number] = [walkIn.document[0][language], walkIn.document[1]]
  await buy(selling, {
    pickup_id,
    offer_version: version,
    identity: {
      kind: 'private',
      name: full_name,
      document_kind,
      number,
      issuer: null,
      valid_until: null,
      born: null,
      address: null,
      photo_id: null,
    },
    other_owner: false,
    declaration: { language, words_version: DECLARATION_VERSION, signature: SIGNATURE },
    payout: [{ method: 'cash', amount_cents: price_cents }],
    selling_price_cents: sold_at * 100,
    approved_by: null,
    request_key: null,
  })
}

async function lookAtDevices(trx: Trx, { bench }: Crew) {
  for (const [n, { device, answered }] of UNDER_WAY.entries()) {
    const looking = backdated(trx, { now: trx.act.now - (n + 1) * 20 * 60_000, actor: bench })
    await beginEvaluation(looking, device, serialOf(7_100 + n, device[0]), {}, answered)
  }
}

/** Begins an evaluation with the best answer to each question but those that are `found`; returns its id. */
async function beginEvaluation(
  trx: Trx,
  [type, brand, model, storage]: WalkIn['device'],
  serial_number: string,
  found: Found,
  answered = Number.POSITIVE_INFINITY,
): Promise<string> {
  const device_type_id = await findOrAddStarter(trx, 'device_type', type)
  const device: DraftDevice = { device_id: null, serial_number, device_type_id, brand, model, storage }
  const answers = (await questionsFor(trx, device_type_id)).flatMap(
    ({ id: item_id, text, answers, options }): DraftAnswer[] => {
      const choice = found[text['en'] ?? ''] ?? (answers === 'percent' ? '91' : options[0]?.key)
      return choice === undefined ? [] : [{ item_id, choice, photo_id: null }]
    },
  )
  return await beginDraft(trx, { device, answers: answers.slice(0, answered) })
}
