import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { findModel, findNamed } from '../../shop/devices/catalogue.ts'
import { findDevice } from '../../shop/devices/devices.ts'
import { signedLink } from '../../shop/photos/signed-links.ts'
import { sellingPrice } from '../../shop/stock/bought-units.ts'
import { heldUnits } from '../../shop/stock/sellable.ts'
import { checksNow, checksOf, whereElse } from '../../shop/trade-ins/device-checks.ts'
import { draftOf } from '../../shop/trade-ins/drafts.ts'
import { keptAnswers, type Offer, offersOf } from '../../shop/trade-ins/offers.ts'
import { keptBecause, purchaseOf } from '../../shop/trade-ins/bought.ts'
import {
  detailsOf,
  type Evaluation as Found,
  photoPath,
  type Pickup,
  shownOffers,
} from '../../shop/trade-ins/trade-ins.ts'
import { owedRepair } from './owed-repair.ts'
import type { TradeIn, TradeInDetail } from './trade-ins.contract.ts'
import { deviceName } from '../../domain/text/device-name.ts'

type Reading = Pick<Context, 'tokens' | 'now' | 'database'> & { db: Db }
type Shown = z.output<typeof TradeIn>
type Detail = z.output<typeof TradeInDetail>

/** A request as a line of the list. */
export const one = async (context: Reading, pickup: Pickup): Promise<Shown> => (await shown(context, [pickup]))[0]!

/** Requests as lines of the list, in their order. */
export async function shown({ db, tokens, now }: Reading, pickups: Pickup[]): Promise<Shown[]> {
  const { evaluations, photos } = await detailsOf(
    db,
    pickups.map(({ id }) => id),
  )
  return pickups.map((pickup) => ({
    ...pickup,
    channel: pickup.channel ?? 'web',
    photos: (photos.get(pickup.id) ?? []).map((at) => signedLink(tokens, photoPath(pickup.id, at), now())),
    evaluation: evaluationOf(evaluations.get(pickup.id)),
  }))
}

const evaluationOf = (found: Found | undefined): Shown['evaluation'] =>
  found
    ? {
        ...found,
        parts_replaced: found.parts_replaced === null ? null : (JSON.parse(found.parts_replaced) as string[]),
      }
    : null

/** A request with all that was asked, offered and paid. */
export async function detail(context: Reading, pickup: Pickup): Promise<Detail> {
  const { db } = context
  const { id } = pickup
  const offers = await offersOf(db, id)
  const purchase = await purchaseShown(context, id)
  return {
    ...(await one(context, pickup)),
    ...pickup,
    channel: pickup.channel ?? 'web',
    device: await deviceOf(context, pickup, purchase !== null),
    draft_id: (await draftOf(db, id))?.id ?? null,
    offers: await namedOffers(db, id, offers),
    answers: (await keptAnswers(db, id)).map(answerOf),
    selling_price_cents: await sellingPriceOf(db, pickup, offers.at(-1)),
    owed_repair: await owedRepair(db, pickup.order_id, context.now()),
    purchase,
  }
}

async function deviceOf({ db, database }: Reading, pickup: Pickup, isBought: boolean): Promise<Detail['device']> {
  if (pickup.device_id === null) return null
  const device = await findDevice(db, pickup.device_id, { own: null })
  const [brand, model] = [await findNamed(db, 'brand', device.brand_id), await findModel(db, device.model_id)]
  const isOther = device.owner_id !== null && device.owner_id !== pickup.user_id
  const elsewhere = await whereElse(db, device, { order_id: pickup.order_id, holds: database.clock.expiry() })
  const owner = isOther ? await personCalled(db, device.owner_id!) : undefined
  return {
    id: device.id,
    title: deviceName({ brand: brand.name, model: model.name, storage: pickup.storage }),
    serial_number: device.serial_number,
    other_owner: owner ?? null,
    checks: isBought ? await checksOf(db, device) : await checksNow(db, device, elsewhere),
    elsewhere,
  }
}

const personCalled = (db: Db, id: number) =>
  db.selectFrom('user').select(['id', 'full_name']).where('id', '=', id).executeTakeFirst()

async function namedOffers(db: Db, pickup_id: number, offers: readonly Offer[]): Promise<Detail['offers']> {
  if (offers.length === 0) return []
  const ids = offers.flatMap(({ made_by, approved_by }) => (approved_by === null ? [made_by] : [made_by, approved_by]))
  const people = await db.selectFrom('user').select(['id', 'full_name']).where('id', 'in', ids).execute()
  const names = new Map(people.map(({ id, full_name }) => [id, full_name]))
  const seen = (await shownOffers(db, [pickup_id])).get(pickup_id)
  return offers.map((offer) => ({
    ...offer,
    made_by_name: names.get(offer.made_by) ?? '',
    approved_by_name: offer.approved_by === null ? null : (names.get(offer.approved_by) ?? ''),
    shown: seen?.version === offer.version,
  }))
}

/** As it was kept when the offer was made. */
function answerOf({
  item_text,
  choice_text,
  deduction,
  ...answer
}: Awaited<ReturnType<typeof keptAnswers>>[number]): Detail['answers'][number] {
  return {
    ...answer,
    text: textsOf(item_text),
    choice_text: choice_text === null ? null : textsOf(choice_text),
    // Only keepAnswers writes it.
    deduction: JSON.parse(deduction ?? 'null') as { name: string; amount_cents: number } | null,
  }
}

// Only keepAnswers writes them.
const textsOf = (written: string) => JSON.parse(written) as Record<string, string>

async function sellingPriceOf(db: Db, { device_id, storage }: Pickup, offer: Offer | undefined) {
  if (device_id === null || !offer) return null
  const device = await findDevice(db, device_id, { own: null })
  return await sellingPrice(db, { device, storage, condition: offer.condition })
}

async function purchaseShown({ db, database }: Reading, pickup_id: number): Promise<Detail['purchase']> {
  const bought = await purchaseOf(db, pickup_id)
  if (!bought) return null
  const { unit_id } = bought
  const held = (await heldUnits(db, database.clock.expiry())).find(({ id }) => id === unit_id)
  return {
    ...bought,
    hold_until: held?.hold_until ?? null,
    kept_because: await keptBecause(db, { ...bought, pickup_id }),
  }
}
