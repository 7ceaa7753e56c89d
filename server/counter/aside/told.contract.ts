import { z } from 'zod'
import { PICKUP_STATUSES } from '../../domain/pickup-status.ts'
import { ORDER_STATUSES, PAYMENT_STATUSES } from '../../domain/repair-status.ts'
import { SALES_STATUSES } from '../../domain/sales-status.ts'
import { id, int, milliseconds, oneOf, text } from '../../http/fields.contract.ts'
import { ROLES } from '../session/session.contract.ts'
import { TAX_MODES } from '../session/setup.contract.ts'

/** Rows of any table and their values, as people call them. */

/** What a row is one of. */
export const THINGS = [
  'repair', 'payment', 'person', 'device', 'catalogue', 'goods', 'webOrder', 'tradeIn', 'prices', 'questions', 'store',
  'terminal', 'note', 'other',
] as const // oxfmt-ignore

/** Screens that show a row. */
export const SCREENS = ['ticket', 'customer', 'device', 'trade-in', 'web-order'] as const

export const About = z.object({
  thing: oneOf(THINGS),
  /** `S2-T1-000052`, `Jana Müller`; null for one that has no name, or that is not here. */
  name: text().nullable(),
  /** Where it is shown; null where it is not here, or has no screen. */
  screen: z.object({ kind: oneOf(SCREENS), id: id() }).nullable(),
})

/** What of a row is told, in this order. Everything else (keys, secrets, marks of the program) says nothing to people. */
export const TOLD_COLUMNS = [
  'full_name', 'name', 'shown_as', 'phone', 'email', 'phone_number', 'address_line1', 'address_line2', 'city', 'state',
  'postal_code', 'country', 'address', 'shipping_address', 'role', 'is_staff', 'is_lead', 'works_at', 'is_active', 'code', 'terminal', 'currency', 'time_zone',
  'tax_mode', 'tax_number', 'terms', 'opening_hours', 'serial_number', 'brand_id', 'model_id', 'device_type_id', 'model',
  'model_text', 'storage', 'owner_id', 'customer_id', 'user_id', 'device_id', 'order_id', 'problem_id', 'category_id', 'icon',
  'location_id', 'product_id', 'status', 'completed_at', 'picked_up_at', 'estimated_completion_date', 'cost_cents',
  'discount_cents', 'due_amount_cents', 'amount_cents', 'percent_tenths', 'tendered_cents', 'payment_method', 'paid_at', 'price_cents', 'original_price_cents', 'discount_tenths',
  'subtotal_cents', 'total_cents', 'final_offer_cents', 'condition', 'accessories', 'nothing_with_it', 'quantity', 'valid_from',
  'valid_until', 'scheduled_at', 'note', 'notes', 'description', 'highlights', 'additional_info', 'text', 'section', 'part', 'must', 'position', 'reason',
  'revoked_at', 'deleted_at',
] as const // oxfmt-ignore
export type ToldColumn = (typeof TOLD_COLUMNS)[number]

/** The words of the program that a column holds one of, by the kind of value that this is; all else that is text somebody typed. */
export const VALUE_WORDS = {
  role: ROLES,
  taxMode: TAX_MODES,
  method: ['Cash', 'Card', 'Other'],
  repairStatus: ORDER_STATUSES,
  paymentStatus: PAYMENT_STATUSES,
  webOrderStatus: SALES_STATUSES,
  tradeInStatus: PICKUP_STATUSES,
} as const

export const VALUE_KINDS = [
  'text', 'cents', 'moment', 'flag', 'number', 'tenths', 'role', 'taxMode', 'method', 'repairStatus', 'paymentStatus',
  'webOrderStatus', 'tradeInStatus', 'unknown',
] as const // oxfmt-ignore

/** A value as the page writes it: `tenths` of a percent, a word of `VALUE_WORDS`, `unknown` of a row that is not here, or as it is; both null where there is none. */
export const Value = z.object({ kind: oneOf(VALUE_KINDS), text: text().nullable(), number: int().nullable() })

/** Who wrote something, where and when, as far as that is still known. */
export const By = z.object({
  person: text().nullable(),
  /** `S2-T1`, and what people call its store. */
  terminal: text().nullable(),
  store: text().nullable(),
  at: milliseconds().nullable(),
})
