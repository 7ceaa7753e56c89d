/**
 * A refusal that the caller is told. Thrown where a rule breaks; one handler answers it with `{"detail": …}`.
 * `detail` is a sentence, or for 422 the list of faults in pydantic's form; `more` joins it in the reply.
 */
export class HttpError extends Error {
  readonly status: number
  readonly detail: unknown
  readonly headers: Record<string, string>
  readonly more: Record<string, unknown>

  constructor(
    status: number,
    detail: unknown,
    { headers = {}, more = {} }: { headers?: Record<string, string>; more?: Record<string, unknown> } = {},
  ) {
    super(typeof detail === 'string' ? detail : `HTTP ${status}`)
    this.status = status
    this.detail = detail
    this.headers = headers
    this.more = more
  }
}

/** One fault of a request, in pydantic v2's form. */
export type Fault = { type: string; loc: (string | number)[]; msg: string }

export const badRequest = (detail: string) => new HttpError(400, detail)
/** A refusal in the store API's own form beside `detail`: `{"success": false, "error": …}`. */
export const storeRefusal = (status: number, error: string) =>
  new HttpError(status, error, { more: { success: false, error } })
export const forbidden = (detail = 'Access denied') => new HttpError(403, detail)
export const notFound = (detail: string) => new HttpError(404, detail)
export const conflict = (detail: string) => new HttpError(409, detail)
export const invalid = (faults: Fault[]) => new HttpError(422, faults)
export const locked = () => new HttpError(423, 'The screen is locked')
export const tooLarge = () => new HttpError(413, 'Request body is too large')
export const wrongType = (expected: string) => new HttpError(415, `Content-Type must be ${expected}`)
export const tooMany = (seconds: number, detail = 'Too many attempts, try again later') =>
  new HttpError(429, detail, { headers: { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) } })

export const unauthorized = (detail: string) =>
  new HttpError(401, detail, { headers: { 'WWW-Authenticate': 'Bearer' } })
export const notAuthenticated = () => unauthorized('Not authenticated')
export const badCredentials = () => unauthorized('Could not validate credentials')

/** A 422 for one field of the body, where a rule needs more than the field itself. */
export const invalidField = (field: string, msg: string) =>
  invalid([{ type: 'value_error', loc: ['body', field], msg: `Value error, ${msg}` }])
