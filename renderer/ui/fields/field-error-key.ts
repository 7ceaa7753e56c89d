type Fault = { loc: readonly (string | number)[]; type: string; code?: string | undefined }

/** Pydantic's kinds of faults as the words that stand beside the field. */
const WORDS = {
  missing: 'fieldError.missing',
  string_type: 'fieldError.missing',
  string_too_short: 'fieldError.tooShort',
  string_too_long: 'fieldError.tooLong',
  int_parsing: 'fieldError.number',
  int_type: 'fieldError.number',
  int_from_float: 'fieldError.number',
  decimal_parsing: 'fieldError.money',
  decimal_max_places: 'fieldError.money',
  greater_than_equal: 'fieldError.tooSmall',
  less_than_equal: 'fieldError.tooLarge',
  enum: 'fieldError.choice',
  datetime_parsing: 'fieldError.date',
} as const

type FaultKey = (typeof WORDS)[keyof typeof WORDS] | 'fieldError.password' | 'fieldError.other'

/** The words for a kind of fault; null where a rule of the shop has a code of its own. */
export function faultKey({ type, code, loc }: Fault): FaultKey | null {
  if (type.startsWith('string_too_') && String(loc.at(-1)).endsWith('password')) return 'fieldError.password'
  if (type in WORDS) return WORDS[type as keyof typeof WORDS]
  return code === undefined ? 'fieldError.other' : null
}
