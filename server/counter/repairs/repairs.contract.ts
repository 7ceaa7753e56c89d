import { z } from 'zod'
import { ORDER_STATUSES } from '../../domain/repair-status.ts'
import { cents, flag, id, int, milliseconds, oneOf, optional, shopsMoney, text } from '../../http/fields.contract.ts'

export const Technician = z.object({ id: id(), full_name: text() })

/** A repair as lists and boards show it. Money in the currency's minor unit, instants in ms. */
export const RepairRow = z.object({
  id: id(),
  /** Whose it is: head office has those of several stores. */
  store_id: id(),
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

/** Which repairs are meant. */
export const RepairCountQuery = z.object({
  status: optional(oneOf(ORDER_STATUSES)),
  /** Pending and Repairing only. */
  open: optional(flag()),
  overdue: optional(flag()),
  /** Open and promised for later today, by the shop's clocks. */
  due_today: optional(flag()),
  /** Open and promised for the day of this instant, by the shop's clocks. */
  promised_on: optional(milliseconds()),
  /** Completed in the last six weeks and still in the shop. */
  ready: optional(flag()),
  /** In the shop, open or ready, with something still to pay. */
  owed: optional(flag()),
  /** Open and assigned to nobody. */
  nobody: optional(flag()),
  technician_id: optional(id()),
  /** Of one store alone, where there are those of several. */
  store_id: optional(id()),
  customer_id: optional(id()),
  device_id: optional(id()),
  /** Any part of number, problem, customer or device. */
  q: optional(text({ max: 200, cards: 'allow' })),
})
/** Every one of them is counted, but for words that more than 2,000 hold: `2000+`. */
export const RepairCount = z.object({
  total: text(),
  /** Of words that so many hold, only the newest so many repairs are looked through; null where all are. */
  among_newest: int().nullable(),
})

/** How much of each kind there is to do, all of it or one technician's; counts go to 1,000 and then `1000+`. */
export const RepairCounts = z.object({
  open: text(),
  overdue: text(),
  due_today: text(),
  nobody: text(),
  Pending: text(),
  Repairing: text(),
  ready: text(),
  owed: shopsMoney(text()),
})
export const RepairCountsQuery = z.object({ technician_id: optional(id()), store_id: optional(id()) })

/** The headings by which a list is sorted. */
export const REPAIR_SORTS = ['ticket', 'status', 'device', 'customer', 'technician', 'promised', 'due'] as const

/**
 * Newest first, or in the order of a heading; rows without a value there come last. A page begins behind a place that another
 * page gave as `next`, and ends at the latest with the row of `until`: so it holds the same part of the list whatever is
 * added before it. `X-Total-Count` tells how many there are in all.
 */
export const RepairQuery = RepairCountQuery.extend({
  sort: optional(oneOf(REPAIR_SORTS)),
  descending: optional(flag()),
  after: optional(text({ max: 2_000 })),
  until: optional(text({ max: 2_000 })),
  limit: optional(int({ min: 1, max: 200 })),
})
export const RepairPage = z.object({
  rows: z.array(RepairRow),
  /** How many there are in all, counted to 1,000 and then `1000+`. */
  total: text(),
  /** What is still owed on the rows of this page. */
  due_cents: shopsMoney(int()),
  /** Where the next page begins; null where the list, or what was asked for of it, ends with this one. */
  next: text().nullable(),
})

/** The numbers of the day; counts go to 1,000 and then `1000+`. */
export const Today = z.object({
  overdue: text(),
  /** The earliest promise that has passed; null while none has. */
  oldest_promise: milliseconds().nullable(),
  due_today: text(),
  /** How many of those nobody has begun. */
  not_begun: text(),
  ready: text(),
  /** Open and assigned to nobody. */
  nobody: text(),
  /** What is still to pay on the repairs in the shop, and on how many. */
  owed_cents: shopsMoney(int()),
  owed_count: shopsMoney(text()),
  /** What a new shop has done of its beginning; null once it has taken in more than twenty devices. */
  first_steps: z
    .object({
      taken_in: flag(),
      /** Whoever asks has a PIN. */
      pin: flag(),
      /** Papers say where the shop is or how it is called. */
      reachable: flag(),
      /** Somebody else works here. */
      colleague: flag(),
    })
    .nullable(),
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
