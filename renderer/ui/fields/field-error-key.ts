type Fault = { loc: readonly (string | number)[]; type: string; msg: string }

/** Pydantic's kinds of faults as the words that stand beside the field. */
const WORDS = {
  missing: 'fault.missing',
  string_type: 'fault.missing',
  string_too_short: 'fault.tooShort',
  string_too_long: 'fault.tooLong',
  int_parsing: 'fault.number',
  int_type: 'fault.number',
  int_from_float: 'fault.number',
  decimal_parsing: 'fault.money',
  decimal_max_places: 'fault.money',
  greater_than_equal: 'fault.tooSmall',
  less_than_equal: 'fault.tooLarge',
  enum: 'fault.choice',
  datetime_parsing: 'fault.date',
} as const

type FaultKey =
  | (typeof WORDS)[keyof typeof WORDS]
  | 'fault.email'
  | 'fault.phone'
  | 'fault.card'
  | 'fault.password'
  | 'fault.other'

/** The words for a kind of fault; null where a rule of the shop speaks for itself. */
export function faultKey({ type, msg, loc }: Fault): FaultKey | null {
  if (type.startsWith('string_too_') && String(loc.at(-1)).endsWith('password')) return 'fault.password'
  if (type in WORDS) return WORDS[type as keyof typeof WORDS]
  if (msg.includes('email')) return 'fault.email'
  if (msg.includes('phone')) return 'fault.phone'
  if (msg.includes('card number')) return 'fault.card'
  return msg.startsWith(RULE) ? null : 'fault.other'
}

/** How pydantic begins what a rule says. */
export const RULE = 'Value error, '
