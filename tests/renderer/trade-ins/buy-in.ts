import type { BuyIn, Option, Question } from '../../../renderer/features/trade-ins/evaluate/requests.ts'

export const option = (key: string, effect: Partial<Option> = {}): Option => ({
  key,
  text: { en: key },
  grade: null,
  deduction_id: null,
  blocks: false,
  below: null,
  conditions: [],
  ...effect,
})

export const question = (id: number, fields: Partial<Question> = {}): Question => ({
  id,
  section: 'function',
  part: null,
  text: { en: `Question ${id}` },
  answers: 'yes-no',
  must: true,
  options: [option('yes'), option('no', { grade: 'D' })],
  ...fields,
})

/** An iPhone 13 that costs 240.00 as A and 190.00 as B, as the server shows its evaluation. */
export const buyIn = (fields: Partial<BuyIn> = {}): BuyIn => ({
  id: 'draft',
  pickup_id: null,
  order_id: null,
  device: {
    device_id: null,
    serial_number: '490154203237518',
    device_type_id: 1,
    brand: 'Apple',
    model: 'iPhone 13',
    storage: '128GB',
  },
  answers: [],
  other_price: null,
  photos: [],
  version: 1,
  updated_by_name: 'Kim Clerk',
  updated_at: 0,
  questions: [],
  assessment: { grade: 'A', blocked_by: [], unanswered: [], unfit: [] },
  offer: null,
  pricing: {
    entries: [price('A', 24_000), price('B', 19_000), { ...price('B', 25_000), storage: '1TB', storage_key: '1TB' }],
    deductions: [
      { id: 7, name: 'Battery', amount_cents: null, percent_tenths: 100, valid_from: null, valid_until: null },
      { id: 8, name: 'Charging port', amount_cents: 2_500, percent_tenths: null, valid_from: null, valid_until: null },
    ],
  },
  suggested: [],
  seller: null,
  checks: [],
  elsewhere: null,
  ...fields,
})

const price = (condition: 'A' | 'B', price_cents: number) => ({
  storage: '128GB',
  storage_key: '128GB',
  condition,
  price_cents,
  valid_from: null,
  valid_until: null,
})
