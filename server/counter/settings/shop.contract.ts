import { z } from 'zod'
import { flag, int, name, oneOf, optional, phone, text } from '../../http/fields.contract.ts'
import { Shop, TAX_MODES } from '../session/setup.contract.ts'

/** The shop as its settings show it. */
export const ShopSettings = Shop.extend({
  /** Money was taken: amounts that were written in one currency are not read in another. */
  currency_fixed: flag(),
})

/** All of the shop's data; what is left out is emptied. */
export const ShopData = z.object({
  name: name(),
  currency: text({ min: 3, max: 3 }),
  time_zone: text({ max: 64 }),
  country: optional(text({ min: 2, max: 2 })),
  tax_mode: oneOf(TAX_MODES),
  tax_rate: optional(int({ min: 0, max: 10_000 })),
  phone: optional(phone()),
  address: optional(text({ max: 500 })),
  tax_number: optional(text({ max: 50 })),
  opening_hours: optional(text({ max: 500 })),
  terms: optional(text({ max: 4_000 })),
  public_address: optional(text({ max: 200 })),
})
