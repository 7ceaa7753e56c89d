import { z } from 'zod'
import { cents, id, milliseconds, oneOf, text } from '../../http/fields.contract.ts'

/** What happens to a device here; what happens at the same instant stands in this order. */
export const DEVICE_EVENTS = [
  'taken-in',
  'repaired',
  'handed-out',
  'offered',
  'bought',
  'received',
  'held',
  'released',
  'given-back',
  'sold',
  'returned',
  'missed',
  'found',
  'written-off',
] as const

/** What it is written down in. */
const document = z.object({
  kind: oneOf(['ticket', 'trade-in', 'purchase', 'web-order']),
  id: id(),
  /** Its number, or that of its request. */
  number: text(),
  /** The request that a trade-in or purchase stands on. */
  pickup_id: id().nullable(),
})

/** One thing that happened to a device. */
export const DeviceEvent = z.object({
  kind: oneOf(DEVICE_EVENTS),
  at: milliseconds(),
  who: text().nullable(),
  /** Null for what has none, and for what the caller may not see. */
  document: document.nullable(),
  /** What was offered or paid for it, by the shop. */
  amount_cents: cents().nullable(),
  /** Why, or what was wrong with it. */
  text: text().nullable(),
  /** Of a hold: its end. */
  until: milliseconds().nullable(),
})

/** The newest first. */
export const DeviceTimeline = z.array(DeviceEvent)
