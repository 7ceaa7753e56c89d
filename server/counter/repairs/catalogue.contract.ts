import { z } from 'zod'
import { id, int, optional, text } from '../../http/fields.contract.ts'

const Named = z.object({ id: id(), name: text() })

/** What intake chooses from: device types, brands, fault codes and staff who can be assigned. */
export const Catalogue = z.object({
  types: z.array(Named),
  brands: z.array(Named),
  problems: z.array(Named),
  technicians: z.array(z.object({ id: id(), full_name: text() })),
})

export const ModelQuery = z.object({
  /** Beginnings of words of brand and model: `gal s2`. */
  q: text({ max: 100, cards: 'allow' }),
  device_type_id: optional(id()),
  brand_id: optional(id()),
  limit: optional(int({ min: 1, max: 50 })),
})
export const ModelMatches = z.array(
  z.object({ id: id(), name: text(), brand_id: id(), brand_name: text(), device_type_id: id(), type_name: text() }),
)
