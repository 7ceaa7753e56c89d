import { z } from 'zod'
import { GRADES } from '../domain/grade.ts'
import { amount, float, id, int, oneOf, text, optional } from '../http/fields.contract.ts'
import { paging } from './query.contract.ts'

export const Product = z.object({
  id: id(),
  brand: text(),
  model: text(),
  name: text(),
  price: amount(),
  originalPrice: amount(),
  /** `Excellent`, `Great`, `Like-new`, `Good` or `Fair`. */
  condition: text(),
  /** 0 to 5. */
  rating: float(),
  reviews: int(),
  /** The hub where it lies. */
  location: text(),
  /** Its whole address, here or elsewhere; empty where there is none. */
  image: text(),
  highlights: z.array(text()),
  cityAvailability: z.array(text()),
  /** YYYYMMDD of the last change, UTC. */
  updatedAt: int(),
})

export const Deal = Product.extend({
  /** To one decimal. */
  discount_percent: float(),
  /** `+18% Voucher`. */
  voucher_label: text(),
})

const named = () => optional(text({ max: 200, cards: 'allow' }))
const filter = {
  /** `Phone` or `Phones`, any case. */
  category: named(),
  brand: named(),
  condition: optional(oneOf(GRADES)),
  min_price: optional(amount()),
  max_price: optional(amount()),
  city: named(),
}

export const ProductQuery = z.object({ ...filter, ...paging(1_000) })

/** `q` matches name, brand, model and description; a product must hold every word of it. */
export const ProductSearch = z.object({ q: text({ min: 1, max: 500, cards: 'allow' }), ...filter, ...paging(1_000) })

export const DealQuery = z.object({
  ...paging(100),
  /** Compared as `discount_percent` is shown. */
  min_discount: optional(float()),
})

export const ProductId = z.object({ product_id: id() })
