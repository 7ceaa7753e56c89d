import { z } from 'zod'
import { ORDER_STATUSES } from '../../domain/repair-status.ts'
import { cents, flag, id, int, milliseconds, oneOf, optional, shopsMoney, text } from '../../http/fields.contract.ts'

export const Technician = z.object({ id: id(), full_name: text() })

/** A repair as lists and boards show it. Money in the currency's minor unit, instants in ms. */
export const RepairRow = z.object({
  id: id(),
  ticket_number: text(),
  status: oneOf(ORDER_STATUSES),
  device_id: id(),
  device_title: text(),
  serial_number: text().nullable(),
  customer_id: id(),
  customer_name: text(),
  customer_phone: text().nullable(),
  /** What was named at intake, in its order: `Screen broken`. */
  faults: z.array(text()),
  note: text().nullable(),
  technicians: z.array(Technician),
  total_cents: shopsMoney(cents()),
  paid_cents: shopsMoney(cents()),
  due_cents: shopsMoney(cents()),
  promised_at: milliseconds().nullable(),
  /** Promised before now, and neither completed nor cancelled. */
  overdue: flag(),
  created_at: milliseconds(),
  updated_at: milliseconds(),
  completed_at: milliseconds().nullable(),
  /** When the device left the shop; null while it is here. */
  picked_up_at: milliseconds().nullable(),
})

/** Newest first. `before` is the id of the last row of the page before. `X-Total-Count` tells how many there are. */
export const RepairQuery = z.object({
  status: optional(oneOf(ORDER_STATUSES)),
  /** Pending and Repairing only. */
  open: optional(flag()),
  overdue: optional(flag()),
  /** Completed in the last six weeks and still in the shop. */
  ready: optional(flag()),
  technician_id: optional(id()),
  customer_id: optional(id()),
  device_id: optional(id()),
  /** Any part of number, problem, customer or device. */
  q: optional(text({ max: 200, cards: 'allow' })),
  before: optional(id()),
  limit: optional(int({ min: 1, max: 200 })),
})
export const RepairPage = z.object({
  rows: z.array(RepairRow),
  /** How many there are in all, counted to 1,000 and then `1000+`. */
  total: text(),
  /** What is still owed on the rows of this page. */
  due_cents: shopsMoney(int()),
})

/**
 * One column for each status, the longest waiting first. Completed holds what is ready for pick-up, Cancelled what was
 * cancelled in the last 7 days, both newest first.
 */
export const Board = z.object({
  columns: z.array(
    z.object({ status: oneOf(ORDER_STATUSES), count: text(), overdue: int(), rows: z.array(RepairRow) }),
  ),
})
export const BoardQuery = z.object({ technician_id: optional(id()) })

export const BulkStatus = z.object({ ids: z.array(id()).min(1).max(200), status: oneOf(ORDER_STATUSES) })
/** How many of them had another status before. */
export const Changed = z.object({ changed: int() })
