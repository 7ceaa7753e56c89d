import { z } from 'zod'
import { oneOf, optional, text } from '../../http/fields.contract.ts'
import { TENDERS } from '../repairs/tickets.contract.ts'

/** The whole of what an order comes to; `reference` is the card terminal's. */
export const NewSalesPayment = z.object({ method: oneOf(TENDERS), reference: optional(text({ max: 100 })) })
