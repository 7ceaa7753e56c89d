import { z } from 'zod'
import { id, instant, name, optional, paging, text } from '../http/fields.contract.ts'

/** A device type, a brand or a fault code. */
export const Named = z.object({ id: id(), name: text(), description: text().nullable(), created_at: instant() })
export const NewNamed = z.object({ name: name(), description: optional(text()) })

export const Model = z.object({ id: id(), brand_id: id(), name: text(), device_type_id: id(), created_at: instant() })
export const NewModel = z.object({ brand_id: id(), name: name(), device_type_id: id() })

/** Everything, unless one of these is given. `q` is any part of the name. */
export const CatalogueQuery = z.object({ ...paging, q: optional(text({ max: 200, cards: 'allow' })) })

export const Device = z.object({
  id: id(),
  brand_id: id(),
  model_id: id(),
  device_type_id: id(),
  serial_number: text().nullable(),
  owner_id: id().nullable(),
  notes: text().nullable(),
  created_at: instant(),
})

export const NewDevice = z.object({
  brand_id: id(),
  model_id: id(),
  device_type_id: id(),
  serial_number: optional(text({ max: 100 })),
  /** A customer's own device is theirs, whatever this says. */
  owner_id: optional(id()),
  notes: optional(text()),
})

/** Customers change `notes` alone; the rest is not heard from them. */
export const DeviceChanges = z.object({
  brand_id: optional(id()),
  model_id: optional(id()),
  device_type_id: optional(id()),
  serial_number: optional(text({ max: 100 })),
  owner_id: optional(id()),
  notes: optional(text()),
})

export const DeviceQuery = z.object({ ...paging, owner_id: optional(id()) })
export const DeviceId = z.object({ device_id: id() })
