import { z } from 'zod'
import { JOIN_STEPS } from '../../domain/fleet/joining.ts'
import {
  email,
  flag,
  int,
  milliseconds,
  name,
  newPassword,
  oneOf,
  optional,
  phone,
  text,
} from '../../http/fields.contract.ts'

/** How prices are meant: tax already inside, added on top, or none at all. */
export const TAX_MODES = ['included', 'added', 'none'] as const

export const Shop = z.object({
  id: int(),
  code: text(),
  name: text(),
  /** ISO 4217, e.g. `EUR`. */
  currency: text(),
  /** IANA, e.g. `Europe/Berlin`. */
  time_zone: text(),
  /** ISO 3166, e.g. `DE`: by its rules phone numbers are read. Null where nothing says it. */
  country: text().nullable(),
  tax_mode: oneOf(TAX_MODES),
  /** Basis points: 1900 is 19 %. */
  tax_rate: int(),
  /** The rules before this one, oldest first: a receipt keeps that of its day. */
  former_taxes: z.array(z.object({ until: milliseconds(), mode: oneOf(TAX_MODES), rate: int() })),
  phone: text().nullable(),
  address: text().nullable(),
  /** The number that the tax office knows the shop by; stands on receipts. */
  tax_number: text().nullable(),
  opening_hours: text().nullable(),
  /** What customers agree to; null for the program's own words. */
  terms: text().nullable(),
  /** Under which customers reach this server, `https://repairs.example.com`; null while they cannot. */
  public_address: text().nullable(),
})

/** `PIN`: four to eight digits. */
export const Pin = text({ min: 4, max: 8, cards: 'allow' })

/** How far a shop that is being set up is filled; null while none is. */
export const SetUpProgress = z.object({ done: int(), all: int() }).nullable()

export const NewShop = z.object({
  /** The one-time code that `npm start` puts into the address and `serve` prints. */
  code: text({ max: 100 }),
  owner: z.object({
    full_name: name(),
    phone: phone(),
    email: optional(email()),
    password: newPassword(),
    pin: optional(Pin),
  }),
  shop: z.object({
    name: name(),
    currency: text({ min: 3, max: 3 }),
    time_zone: text({ max: 64 }),
    /** What time zone and currency say where it is left out. */
    country: optional(text({ min: 2, max: 2 })),
    tax_mode: oneOf(TAX_MODES),
    tax_rate: optional(int({ min: 0, max: 10_000 })),
    phone: optional(phone()),
    address: optional(text({ max: 500 })),
  }),
  /** Of the device types and fault codes that the shop begins with. */
  language: optional(oneOf(['en', 'de'])),
  /** Fill the new shop with a small believable day's work to try things on. */
  demo: optional(flag()),
})

/** How far this machine is on its way into head office; null where it is not. `failed` is a code of a refusal, where one says why. */
export const JoinProgress = z.object({ step: oneOf(JOIN_STEPS), heard: int(), failed: text().nullable() }).nullable()

export const NewTerminal = z.object({
  /** The one-time code of this server, as for set-up. */
  code: text({ max: 100 }),
  /** Where head office is reached, `https://office.example.com`, and behind a `#` the code, as its QR code has both. */
  address: text({ min: 1, max: 500 }),
  /** What head office gave out for this machine. */
  enrolment_code: optional(text({ max: 100 })),
  /** In place of what was said when the code was made. */
  name: optional(name({ max: 100 })),
})
