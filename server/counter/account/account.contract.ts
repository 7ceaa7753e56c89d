import { z } from 'zod'
import { PICKUP_STATUSES } from '../../domain/pickup-status.ts'
import { ORDER_STATUSES } from '../../domain/repair-status.ts'
import { cents, flag, id, milliseconds, oneOf, text } from '../../http/fields.contract.ts'

/** What a customer sees of themselves on their own page, newest first, and nothing else. */
export const Account = z.object({
  full_name: text(),
  repairs: z.array(
    z.object({
      id: id(),
      ticket_number: text(),
      device_title: text(),
      status: oneOf(ORDER_STATUSES),
      created_at: milliseconds(),
      promised_at: milliseconds().nullable(),
      /** When the device was handed over; null while the shop has it. */
      picked_up_at: milliseconds().nullable(),
      /** It ended because the shop bought the device. */
      bought: flag(),
      total_cents: cents(),
      due_cents: cents(),
    }),
  ),
  /** Devices that they offer us. */
  offers: z.array(
    z.object({
      id: id(),
      device_title: text(),
      status: oneOf(PICKUP_STATUSES),
      created_at: milliseconds(),
      scheduled_at: milliseconds().nullable(),
      estimated_price_cents: cents().nullable(),
      /** What we pay, once we have looked at it. */
      final_offer_cents: cents().nullable(),
      /** It waits for an answer, and nobody can say yes to it any more. */
      run_out: flag(),
    }),
  ),
})
