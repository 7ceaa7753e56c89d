import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { modelsOfImei } from '../../shop/devices/devices.ts'
import { checksNow, whereElse } from '../../shop/trade-ins/device-checks.ts'
import { type Draft, type DraftDevice, findDraft } from '../../shop/trade-ins/drafts.ts'
import { pricingOf, sellerOf, workOut } from '../../shop/trade-ins/evaluation.ts'
import type { BuyIn, BuyInLine } from './buy-ins.contract.ts'
import { deviceName } from '../../domain/text/device-name.ts'

type Reading = Pick<Context, 'now' | 'database'> & { db: Db }

/** An evaluation as the counter shows it: what is known, what was answered, and what follows. */
export async function buyInView({ db, now, database }: Reading, id: string): Promise<z.output<typeof BuyIn>> {
  const draft = await findDraft(db, id)
  const { photo_ids, device, order_id, ...shown } = draft
  const { questions, assessment, offer } = await workOut(db, draft, now())
  const known = { id: device.device_id ?? 0, serial_number: device.serial_number }
  const elsewhere = await whereElse(db, known, { order_id, holds: database.clock.expiry() })
  return {
    ...shown,
    device,
    order_id,
    photos: photo_ids.map((photo_id) => ({ id: photo_id })),
    questions,
    assessment,
    offer,
    pricing: await pricingOf(db, device, questions),
    suggested: await suggestedFor(db, device),
    seller: await sellerOf(db, draft),
    checks: await checksNow(db, known, elsewhere),
    elsewhere,
  }
}

const MOST_SUGGESTED = 3

const suggestedFor = async (db: Db, { brand, model, serial_number }: DraftDevice) =>
  brand === '' && model === '' && serial_number !== null ? await modelsOfImei(db, serial_number, MOST_SUGGESTED) : []

/** As a line of the list. */
export const buyInLine = ({ device, ...draft }: Draft): z.output<typeof BuyInLine> => ({
  ...draft,
  title: deviceName(device),
  serial_number: device.serial_number,
})
