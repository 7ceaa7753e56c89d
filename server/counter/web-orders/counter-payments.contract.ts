import { z } from 'zod'
import { cents, oneOf, optional, text } from '../../http/fields.contract.ts'
import { TENDERS } from '../../domain/tenders.ts'

/** The whole of what an order comes to; `reference` is the card terminal's. */
export const NewSalesPayment = z.object({
  method: oneOf(TENDERS),
  reference: optional(text({ max: 100 })),
  /** What the customer handed over in cash; the receipt says it with the change. */
  tendered_cents: optional(cents()),
})
