import { z } from 'zod'
import { flag, id, instant, name, optional, text } from '../http/fields.contract.ts'

const lines = {
  full_name: name(),
  phone_number: name({ max: 50 }),
  address_line1: name(),
  address_line2: optional(text({ max: 200 })),
  city: name(),
  /** May be empty: not every country has states, or postal codes. */
  state: text({ max: 100 }),
  postal_code: text({ max: 40 }),
  country: name({ max: 100 }),
  is_default: optional(flag()),
}

export const Address = z.object({
  id: id(),
  user_id: id(),
  ...lines,
  address_line2: text().nullable(),
  is_default: flag(),
  created_at: instant(),
  updated_at: instant(),
})

/** The first address is the default whatever `is_default` says. */
export const NewAddress = z.object(lines)

/** An empty `address_line2` removes it. */
export const AddressChanges = z.object({
  full_name: optional(lines.full_name),
  phone_number: optional(lines.phone_number),
  address_line1: optional(lines.address_line1),
  address_line2: lines.address_line2,
  city: optional(lines.city),
  state: optional(lines.state),
  postal_code: optional(lines.postal_code),
  country: optional(lines.country),
  is_default: lines.is_default,
})

export const AddressId = z.object({ address_id: id() })
