import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { checkDigit, lastChecks, whereElse } from '../../shop/trade-ins/device-checks.ts'
import { type Draft, findDraft } from '../../shop/trade-ins/drafts.ts'
import { workOut } from '../../shop/trade-ins/evaluation.ts'
import type { BuyIn, BuyInLine } from './buy-ins.contract.ts'

/** An evaluation as the counter shows it: what is known, what was answered, and what follows. */
export async function buyInView(db: Db, id: string, now: number): Promise<z.output<typeof BuyIn>> {
  const { photo_ids, ...draft } = await findDraft(db, id)
  const { questions, assessment, offer } = await workOut(db, { ...draft, photo_ids }, now)
  const { device, order_id } = draft
  const known = { id: device.device_id ?? 0, serial_number: device.serial_number }
  return {
    ...draft,
    photos: photo_ids.map((photo_id) => ({ id: photo_id })),
    questions,
    assessment,
    offer,
    checks: (await lastChecks(db, known.id)).map((check) =>
      check.kind === 'luhn' ? { ...check, result: checkDigit(device.serial_number) } : check,
    ),
    elsewhere: await whereElse(db, known, { order_id, now }),
  }
}

/** As a line of the list. */
export const buyInLine = ({ device, ...draft }: Draft): z.output<typeof BuyInLine> => ({
  ...draft,
  title: [device.brand, device.model, device.storage].filter(Boolean).join(' '),
  serial_number: device.serial_number,
})
