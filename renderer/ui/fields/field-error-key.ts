type Fault = { loc: readonly (string | number)[]; type: string; code?: string | undefined }

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

type FaultKey = (typeof WORDS)[keyof typeof WORDS] | 'fault.password' | 'fault.other'

/** The words for a kind of fault; null where a rule of the shop has a code of its own. */
export function faultKey({ type, code, loc }: Fault): FaultKey | null {
  if (type.startsWith('string_too_') && String(loc.at(-1)).endsWith('password')) return 'fault.password'
  if (type in WORDS) return WORDS[type as keyof typeof WORDS]
  return code === undefined ? 'fault.other' : null
}
