import type { z } from 'zod'
import { type FieldError, invalid, ruleFault } from './errors.ts'

/** Where a part of the request stands, as pydantic's `loc` begins. */
export type RequestPart = 'body' | 'query' | 'path'

/** Decodes a part of a request; faults are added to `faults`, so that all of a request are reported at once. */
export function decodeInto<T extends z.ZodType>(
  schema: T,
  value: unknown,
  part: RequestPart,
  fieldErrors: FieldError[],
): z.output<T> | undefined {
  // Without the input a list in the place of an object would count as missing.
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  for (const issue of result.error.issues) fieldErrors.push(fieldErrorOf(issue, part))
  return undefined
}

/** Faults told of one request: a hostile one has as many as it likes. */
const MAX_REPORTED_ERRORS = 100

/** Throws the faults, if there are any. */
export function throwFieldErrors(fieldErrors: FieldError[]): void {
  if (fieldErrors.length > 0) throw invalid(fieldErrors.slice(0, MAX_REPORTED_ERRORS))
}

function fieldErrorOf(issue: z.core.$ZodIssue, part: RequestPart): FieldError {
  const loc = [part, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
  const { type, msg, code, params } = typeAndMessageOf(issue)
  return { type, loc, msg, ...(code && { code }), ...(params && { params }) }
}

function typeAndMessageOf(issue: z.core.$ZodIssue): Omit<FieldError, 'loc'> {
  // The key of a record stands in `loc` like a field's name; what is wrong with it is said as of a field.
  if (issue.code === 'invalid_key' && issue.issues[0]) return typeAndMessageOf(issue.issues[0])
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  if (issue.code === 'custom') {
    // `rule` and the fields of `fields.contract.ts` wrote them.
    const { type = 'value_error', ...named } = (issue.params ?? {}) as Partial<Omit<FieldError, 'loc'>>
    return { ...named, type, msg: issue.message }
  }
  if (missing) return { type: 'missing', msg: 'Field required' }
  if (issue.code === 'invalid_type') return WRONG_TYPE[issue.expected] ?? unmappedFault(issue.message)
  if (issue.code === 'too_small')
    return {
      type: 'too_short',
      msg: `List should have at least ${issue.minimum} item${issue.minimum === 1 ? '' : 's'} after validation`,
    }
  if (issue.code === 'too_big')
    return { type: 'too_long', msg: `List should have at most ${issue.maximum} items after validation` }
  return unmappedFault(issue.message)
}

/** What zod itself says where none of the kinds fits. */
const unmappedFault = (sentence: string) => ruleFault([], 'value-invalid', sentence)

const WRONG_TYPE: Record<string, Pick<FieldError, 'type' | 'msg'>> = {
  object: { type: 'model_attributes_type', msg: 'Input should be a valid dictionary or object to extract fields from' },
  record: { type: 'dict_type', msg: 'Input should be a valid dictionary' },
  array: { type: 'list_type', msg: 'Input should be a valid list' },
  string: { type: 'string_type', msg: 'Input should be a valid string' },
}
