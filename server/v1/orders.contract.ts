import { z } from 'zod'
import { ORDER_STATUSES } from '../domain/repair-status.ts'
import { id, instant, money, oneOf, optional, paging, text } from '../http/fields.contract.ts'
import { rule } from '../http/refusal.contract.ts'

export const RepairOrder = z.object({
  id: id(),
  device_id: id(),
  customer_id: id(),
  problem_id: id().nullable(),
  cost: money(),
  discount: money(),
  /** cost − discount */
  total_cost: money(),
  note: text().nullable(),
  status: oneOf(ORDER_STATUSES),
  estimated_completion_date: instant().nullable(),
  completed_at: instant().nullable(),
  created_at: instant(),
  updated_at: instant(),
})

const changeable = {
  problem_id: optional(id()),
  cost: optional(money()),
  discount: optional(money()),
  note: optional(text()),
  status: optional(oneOf(ORDER_STATUSES)),
  estimated_completion_date: optional(instant()),
}

/** `customer_id` is the device's owner unless given. */
export const NewOrder = z
  .object({ device_id: id(), customer_id: optional(id()), ...changeable })
  .refine(({ cost = 0, discount = 0 }) => !exceeds(discount, cost), discountRefusal())

/** Where only one of cost and discount is given, the other is the order's own. */
export const OrderChanges = z
  .object(changeable)
  .refine(({ cost, discount }) => !exceeds(discount, cost), discountRefusal())

export const OrderQuery = z.object({
  ...paging,
  status: optional(oneOf(ORDER_STATUSES)),
  customer_id: optional(id()),
  device_id: optional(id()),
})

export const OrderId = z.object({ order_id: id() })

/** Either may be missing, or be no amount where it was refused itself. */
const exceeds = (discount: unknown, cost: unknown) =>
  typeof discount === 'number' && typeof cost === 'number' && cost >= 0 && discount > cost

/** Runs beside the other faults, so that all are reported at once. */
function discountRefusal() {
  return {
    path: ['discount'],
    ...rule('discount-above-cost', 'discount must not be above the cost'),
    when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  }
}
