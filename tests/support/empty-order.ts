/** An order of the web shop that is worth nothing, for what looks at orders and not at their money. */
export const EMPTY_ORDER = {
  subtotal_cents: 0,
  tax_cents: 0,
  shipping_fee_cents: 0,
  total_cents: 0,
  currency: 'USD',
  payment_method: 'cod',
} as const
