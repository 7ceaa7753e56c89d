import { z } from 'zod'
import { FIRST_MS, formatInstant, LAST_MS, parseInstant } from '../domain/time/instant.ts'
import { isDeep } from '../domain/deep.ts'
import { formatMoney, MAX_CENTS, parseMoney, toNumber } from '../domain/money/money.ts'
import { looksLikeCardNumber } from '../domain/text/card-number.ts'
import { isWritten } from '../domain/money/written-number.ts'
import { isBlank, withoutInvisible } from '../domain/text/written-text.ts'
import type { Code } from './refusal.contract.ts'

/**
 * The fields that bodies, queries and replies are made of. Each is a codec: what travels on the wire outside, what the
 * program computes with inside. A refusal speaks pydantic v2's words (`type` in `params`, `msg` as message), which is
 * what the documented clients read.
 */

type Refuse = (type: string, msg: string) => never
type RuleBroken = (code: Code, msg: string) => never

class Refusal extends Error {
  readonly params: { type: string; code?: Code }
  constructor(params: Refusal['params'], msg: string) {
    super(msg)
    this.params = params
  }
}

const refuse: Refuse = (type, msg) => {
  throw new Refusal({ type }, msg)
}

/** What a rule of ours says; pydantic's kind for it is `value_error`. */
const breakRule: RuleBroken = (code: Code, msg) => {
  throw new Refusal({ type: 'value_error', code }, msg)
}

function field<Inside, Wire>(
  json: Record<string, unknown>,
  decode: (value: unknown) => Inside,
  encode: (value: Inside) => Wire,
) {
  return z
    .codec(z.custom<Wire>(), z.custom<Inside>(), {
      decode: (value, ctx) => {
        try {
          return value === undefined ? refuse('missing', 'Field required') : decode(value)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          ctx.issues.push({ code: 'custom', params: error.params, message: error.message, input: value })
          return z.NEVER
        }
      },
      encode,
    })
    .meta(json)
}

const identity = <T>(value: T) => value

/** An integer within the exact range of a number; digits in a string count too, as forms and queries send them. */
export function int({ min, max }: { min?: number; max?: number } = {}) {
  return field<number, number>(
    { type: 'integer', ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) },
    (value) => {
      const n = integer(value)
      if (min !== undefined && n < min)
        return refuse('greater_than_equal', `Input should be greater than or equal to ${min}`)
      if (max !== undefined && n > max) return refuse('less_than_equal', `Input should be less than or equal to ${max}`)
      return n
    },
    identity,
  )
}

function integer(value: unknown): number {
  if (typeof value === 'string') {
    if (!/^\s*[+-]?\d+\s*$/.test(value))
      return refuse('int_parsing', 'Input should be a valid integer, unable to parse string as an integer')
    const n = Number(value)
    return Number.isSafeInteger(n)
      ? n
      : refuse('int_parsing_size', 'Unable to parse input string as an integer, exceeded maximum size')
  }
  if (isWritten(value)) return integer(Number(value.rawJSON))
  if (typeof value !== 'number') return refuse('int_type', 'Input should be a valid integer')
  if (!Number.isInteger(value))
    return refuse('int_from_float', 'Input should be a valid integer, got a number with a fractional part')
  return Number.isSafeInteger(value)
    ? value
    : refuse('int_parsing_size', 'Unable to parse input string as an integer, exceeded maximum size')
}

/** A number that is no money: a rating, a percentage. Digits in a string count too. */
export function float({ min, max }: { min?: number; max?: number } = {}) {
  return field<number, number>(
    { type: 'number', ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) },
    (value) => {
      const n = floatFrom(value)
      if (min !== undefined && n < min)
        return refuse('greater_than_equal', `Input should be greater than or equal to ${min}`)
      if (max !== undefined && n > max) return refuse('less_than_equal', `Input should be less than or equal to ${max}`)
      return n
    },
    identity,
  )
}

function floatFrom(value: unknown): number {
  if (isWritten(value)) return floatFrom(value.rawJSON)
  if (typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value))
    return floatFrom(Number(value))
  if (typeof value === 'string')
    return /^\s*[+-]?(nan|inf|infinity)\s*$/i.test(value)
      ? refuse('finite_number', 'Input should be a finite number')
      : refuse('float_parsing', 'Input should be a valid number, unable to parse string as a number')
  if (typeof value !== 'number') return refuse('float_type', 'Input should be a valid number')
  return Number.isFinite(value) ? value : refuse('finite_number', 'Input should be a finite number')
}

/** The id of a row. */
export const id = () => int()

type TextRules = { min?: number; max?: number; cards?: 'refuse' | 'allow' }

/**
 * Text of `min` to `max` characters (code points). NUL and lone surrogates are refused: PostgreSQL cannot store the one
 * nor UTF-8 carry the other. A payment card number anywhere in it is refused unless `cards` is 'allow'.
 */
export function text({ min = 0, max = 10_000, cards = 'refuse' }: TextRules = {}) {
  return field<string, string>(
    { type: 'string', ...(min > 0 && { minLength: min }), maxLength: max },
    (value) => checkText(value, { min, max, cards }).normalize('NFC'),
    identity,
  )
}

function checkText(value: unknown, { min, max, cards }: Required<TextRules>): string {
  if (typeof value !== 'string') return refuse('string_type', 'Input should be a valid string')
  if (value.includes('\0') || !value.isWellFormed())
    return breakRule('text-not-storable', 'Value error, text must be valid Unicode without NUL')
  const length = value.length > max || value.length < 2 * min ? [...value].length : value.length
  if (length < min)
    return refuse('string_too_short', `String should have at least ${min} character${min === 1 ? '' : 's'}`)
  if (length > max) return refuse('string_too_long', `String should have at most ${max} characters`)
  if (cards === 'refuse' && looksLikeCardNumber(value))
    return breakRule('card-number-typed', 'Value error, card numbers must not be typed here')
  return value
}

/** A person's, shop's or thing's name: not blank, kept without the spaces around it and what nobody sees. */
export function name({ max = 200 }: { max?: number } = {}) {
  return field<string, string>(
    { type: 'string', minLength: 1, maxLength: max },
    (value) => {
      const trimmed = withoutInvisible(checkText(value, { min: 0, max, cards: 'refuse' })).trim()
      return isBlank(trimmed) ? refuse('string_too_short', 'String should have at least 1 character') : trimmed
    },
    identity,
  )
}

/** A phone number as people write it: 3 to 20 of digits, `+`, `-` and brackets, and spaces between them. */
export function phone() {
  return field<string, string>(
    { type: 'string', minLength: 3, maxLength: 30, pattern: '^[0-9+() -]+$' },
    (value) => {
      const text = checkText(value, { min: 3, max: 100, cards: 'refuse' })
      const written = withoutInvisible(text)
        .replaceAll(/\p{Zs}+/gu, ' ')
        .replaceAll(/[\p{Pd}\u2212]/gu, '-')
        .trim()
      checkText(written.replaceAll(' ', ''), { min: 0, max: 20, cards: 'allow' })
      return /^[0-9+() -]+$/.test(written) && /\d/.test(written) && written.length <= 30
        ? written
        : breakRule('phone-invalid', 'Value error, phone may hold digits, +, -, spaces and brackets only')
    },
    identity,
  )
}

/** Without what nobody sees: such an address looks like another. */
const EMAIL = /^[^\s\p{C}@"(),:;<>[\]\\]+@[^\s\p{C}@.<>"]+(\.[^\s\p{C}@.<>"]+)+$/u

/** An e-mail address, kept as written; comparing folds it. */
export function email() {
  return field<string, string>(
    { type: 'string', format: 'email', maxLength: 254 },
    (value) => {
      const written = checkText(value, { min: 0, max: 254, cards: 'refuse' })
      if (!written.includes('@'))
        return breakRule(
          'email-without-at',
          'value is not a valid email address: An email address must have an @-sign.',
        )
      return EMAIL.test(written.trim())
        ? written.trim()
        : breakRule('email-invalid', 'value is not a valid email address: It is not of the form name@domain.')
    },
    identity,
  )
}

/** Where a picture is: an http address or a path on this server, never a script. */
export function pictureAddress() {
  return field<string, string>(
    { type: 'string', format: 'uri-reference', maxLength: 2_000 },
    (value) => {
      const written = checkText(value, { min: 0, max: 2_000, cards: 'allow' }).trim()
      return /^(https?:\/\/|\/(?![/\\]))\S+$/i.test(written)
        ? written
        : breakRule('picture-address-invalid', 'Value error, a picture has an http address or a path')
    },
    identity,
  )
}

/** A new password, in one form (NFC) whichever keyboard typed it: 8 characters to 72 bytes, which is all that bcrypt reads. */
export function newPassword() {
  return field<string, string>(
    { type: 'string', minLength: 8, maxLength: 72, format: 'password' },
    (value) => {
      const typed = typeof value === 'string' && value.isWellFormed() ? value.normalize('NFC') : value
      const password = checkText(typed, { min: 8, max: 72, cards: 'allow' })
      return new TextEncoder().encode(password).length <= 72
        ? password
        : refuse('string_too_long', 'String should have at most 72 bytes')
    },
    identity,
  )
}

/** A password as typed at sign-in: anything that could be one, as the keyboard sent it. */
export const password = () =>
  field<string, string>(
    { type: 'string', maxLength: 1_000 },
    (value) => checkText(value, { min: 0, max: 1_000, cards: 'allow' }),
    identity,
  )

/** Money of /v1: a string with two decimals outside (a number is understood), cents inside. 0 to 99,999,999.99. */
export const money = () =>
  field<number, string>({ type: 'string', format: 'decimal', examples: ['250.00'] }, centsFrom, formatMoney)

/** Money of /api: a JSON number outside (a string is understood), cents inside. 0 to 99,999,999.99. */
export const amount = () =>
  field<number, number>({ type: 'number', minimum: 0, examples: [899.99] }, centsFrom, toNumber)

function centsFrom(value: unknown): number {
  const parsed = parseMoney(value)
  if (typeof parsed !== 'number') return refuse(parsed.type, parsed.msg)
  if (parsed < 0) return refuse('greater_than_equal', 'Input should be greater than or equal to 0')
  if (parsed > MAX_CENTS) return refuse('less_than_equal', 'Input should be less than or equal to 99999999.99')
  return parsed
}

/** Money of the counter: an integer in the currency's minor unit, 0 to 9,999,999,999. */
export const cents = () => int({ min: 0, max: MAX_CENTS })

/** An instant: RFC 3339 in UTC and whole seconds outside; any offset, or none for UTC, is understood; ms inside. */
export function instant() {
  return field<number, string>(
    { type: 'string', format: 'date-time' },
    (value) => {
      if (typeof value !== 'string') return refuse('datetime_type', 'Input should be a valid datetime')
      return parseInstant(value) ?? refuse('datetime_parsing', 'Input should be a valid datetime, invalid format')
    },
    formatInstant,
  )
}

/** A day, `2026-03-01`. */
export const day = () =>
  text({ max: 10 }).refine(isDay, {
    params: { type: 'date_from_datetime_parsing' },
    message: 'Input should be a valid date, as 2026-03-01',
  })

function isDay(written: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(written) ? Date.parse(`${written}T00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(written)
}

/** An instant of the counter: milliseconds since 1970, UTC. */
export const milliseconds = () => int({ min: FIRST_MS, max: LAST_MS })

/** Yes or no; the words and digits that forms and queries send for it are understood. */
export function flag() {
  return field<boolean, boolean>(
    { type: 'boolean' },
    (value) => {
      const word = typeof value === 'string' ? value.toLowerCase() : value
      if (word === true || word === 1 || ['true', '1', 'on', 'yes', 't', 'y'].includes(word as string)) return true
      if (word === false || word === 0 || ['false', '0', 'off', 'no', 'f', 'n'].includes(word as string)) return false
      return refuse('bool_parsing', 'Input should be a valid boolean, unable to interpret input')
    },
    Boolean,
  )
}

/** One of some words, exactly as written. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  const quoted = values.map((value) => `'${value}'`)
  const last = quoted.pop()!
  const listed = quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`
  return field<T[number], T[number]>(
    { type: 'string', enum: values },
    (value) => (values.includes(value as string) ? (value as T[number]) : refuse('enum', `Input should be ${listed}`)),
    identity,
  )
}

/**
 * Any JSON object outside, its text of at most `max` characters inside. A text in its place is understood as `{[textAs]: …}`
 * where that is given. A payment card number anywhere in it is refused.
 */
export function jsonObject({ max = 20_000, textAs }: { max?: number; textAs?: string } = {}) {
  return field<string, Record<string, unknown>>(
    { type: 'object' },
    (value) => {
      const object = textAs !== undefined && typeof value === 'string' ? { [textAs]: value } : value
      if (typeof object !== 'object' || object === null || Array.isArray(object) || isWritten(object))
        return refuse('dict_type', 'Input should be a valid dictionary')
      if (isDeep(object)) return breakRule('object-too-deep', 'Value error, the object is too deep')
      const written = JSON.stringify(object)
      if (written.length > max) return refuse('string_too_long', `String should have at most ${max} characters`)
      if (looksLikeCardNumber(written))
        return breakRule('card-number-typed', 'Value error, card numbers must not be typed here')
      return written
    },
    (written) => JSON.parse(written),
  )
}

/** A field that may be left out; null is the same as left out. */
export function optional<T extends z.ZodType>(inner: T) {
  return z
    .codec(z.custom<z.input<T> | null | undefined>(), inner.optional(), {
      decode: (value) => (value ?? undefined) as z.input<T> | undefined,
      encode: (value) => value,
    })
    .optional()
}

/** A field of a change that null empties; left out it stays as it is. */
export const clearable = <T extends z.ZodType>(inner: T) => inner.nullable().optional()

const shopMoney = new WeakSet<z.core.$ZodType>()

/** A field of a reply that tells of the shop's money: it is left out for evaluators, who see none. */
export function shopsMoney<T extends z.ZodType>(field: T): T {
  shopMoney.add(field)
  return field
}

export const isShopsMoney = (field: z.core.$ZodType) => shopMoney.has(field)

/** A list of at most `max` things. */
export function listOf<T extends z.ZodType>(inner: T, { max = 1_000 }: { max?: number } = {}) {
  return z.array(inner).max(max)
}

/** `limit` and `offset` of a long list: 1,000 rows unless said otherwise. */
export const pagingOfLongLists = { limit: optional(int({ min: 1, max: 1_000 })), offset: optional(int({ min: 0 })) }

/** `limit` and `offset` of a list: 10 rows unless said otherwise, 100 at most. */
export const paging = { limit: optional(int({ min: 1, max: 100 })), offset: optional(int({ min: 0 })) }
