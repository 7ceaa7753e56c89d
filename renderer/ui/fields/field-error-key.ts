type TypedError = { loc: readonly (string | number)[]; type: string; code?: string | undefined }

/** Texts for pydantic's error types. */
const KEYS_BY_TYPE = {
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

type FieldErrorKey = (typeof KEYS_BY_TYPE)[keyof typeof KEYS_BY_TYPE] | 'fieldError.password' | 'fieldError.other'

/** The text for an error type; null where a rule of the shop has a code of its own. */
export function fieldErrorKey({ type, code, loc }: TypedError): FieldErrorKey | null {
  if (type.startsWith('string_too_') && String(loc.at(-1)).endsWith('password')) return 'fieldError.password'
  if (type in KEYS_BY_TYPE) return KEYS_BY_TYPE[type as keyof typeof KEYS_BY_TYPE]
  return code === undefined ? 'fieldError.other' : null
}
