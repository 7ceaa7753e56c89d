/** From where to where a shop may set its rules of buying in: days, and years. */
export const RULE_BOUNDS = {
  hold_days: { min: 0, max: 366 },
  offer_days: { min: 1, max: 366 },
  seller_age: { min: 0, max: 25 },
  retain_years: { min: 0, max: 30 },
} as const
