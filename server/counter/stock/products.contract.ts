import { z } from 'zod'
import { cityKeys, MAX_CITY_KEYS } from '../../domain/cities.ts'
import { GRADES } from '../../domain/grade.ts'
import {
  clearable,
  cents,
  flag,
  id,
  int,
  listOf,
  milliseconds,
  name,
  oneOf,
  optional,
  pictureAddress,
  text,
} from '../../http/fields.contract.ts'
import { rule } from '../../http/refusal.contract.ts'

export const ListedProduct = z.object({
  id: id(),
  category_id: id(),
  brand_id: id(),
  brand: text(),
  location_id: id().nullable(),
  hub_name: text().nullable(),
  model: text(),
  name: text(),
  condition: oneOf(GRADES),
  price_cents: cents(),
  original_price_cents: cents(),
  rating_hundredths: int(),
  reviews: int(),
  /** An address elsewhere, or a path on this server. */
  image: text().nullable(),
  highlights: z.array(text()),
  cities: z.array(text()),
  /** Whether its pieces are kept by serial number. */
  serialised: flag(),
  /** Null: in the web shop as soon as it has a price and something to sell. */
  web: flag().nullable(),
  /** Pieces that may be sold, never below 0. */
  stock: int(),
  /** All pieces by the books, below 0 where more left than came; and those of them that may not be sold yet. */
  here: int(),
  on_hold: int(),
  created_at: milliseconds(),
  updated_at: milliseconds(),
})

export const Product = ListedProduct.extend({ description: text().nullable() })

const MAX_REVIEWS = 1_000_000

const cityNames = () =>
  listOf(name({ max: 100 }), { max: 100 }).refine(
    (cities) => new TextEncoder().encode(cityKeys(cities)).length <= MAX_CITY_KEYS,
    rule('cities-too-long', `cities are longer than ${MAX_CITY_KEYS} bytes together`),
  )

const optionalFields = {
  location_id: optional(id()),
  description: optional(text()),
  original_price_cents: optional(cents()),
  /** 450 is 4.5. */
  rating_hundredths: optional(int({ min: 0, max: 500 })),
  reviews: optional(int({ min: 0, max: MAX_REVIEWS })),
  /** The address of a picture elsewhere. */
  image: optional(pictureAddress()),
  highlights: optional(listOf(name(), { max: 50 })),
  cities: optional(cityNames()),
  serialised: optional(flag()),
  web: clearable(flag()),
}

export const NewProduct = z.object({
  category_id: id(),
  /** Added where the shop does not know it. */
  brand: name(),
  model: name(),
  name: name(),
  condition: oneOf(GRADES),
  price_cents: cents(),
  ...optionalFields,
})

export const ProductChanges = z.object({
  category_id: optional(id()),
  brand: optional(name()),
  model: optional(name()),
  name: optional(name()),
  condition: optional(oneOf(GRADES)),
  price_cents: optional(cents()),
  ...optionalFields,
  location_id: clearable(id()),
})

export const ProductQuery = z.object({
  /** Words that name, brand, model or description hold. */
  q: optional(text({ max: 500, cards: 'allow' })),
  category: optional(text({ max: 200 })),
  brand: optional(text({ max: 200 })),
  condition: optional(oneOf(GRADES)),
  city: optional(text({ max: 200 })),
  limit: optional(int({ min: 1, max: 100 })),
  offset: optional(int({ min: 0 })),
})

export const Id = z.object({ id: id() })
