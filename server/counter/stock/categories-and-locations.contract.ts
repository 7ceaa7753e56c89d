import { z } from 'zod'
import { id, name, optional, text } from '../../http/fields.contract.ts'

export const Category = z.object({
  id: id(),
  /** Its id in the store API. */
  slug: text(),
  /** Its word in filters and imports: `Phone`. */
  name: text(),
  /** `Phones`. */
  shown_as: text(),
  icon: text().nullable(),
})

const icon = optional(text({ max: 20 }))

/** `shown_as` is the name unless given. */
export const NewCategory = z.object({ name: name(), shown_as: optional(name()), icon })
export const CategoryChanges = z.object({ name: optional(name()), shown_as: optional(name()), icon })

export const Location = z.object({ id: id(), slug: text(), name: text(), code: text(), hub_name: text() })

const place = { code: optional(name({ max: 20 })), hub_name: optional(name()) }

/** Without a code it is made from the name, without a hub it is the name. */
export const NewLocation = z.object({ name: name(), ...place })
export const LocationChanges = z.object({ name: optional(name()), ...place })

export const Id = z.object({ id: id() })
