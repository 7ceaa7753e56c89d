import type { Code, RefusalParams } from './refusal.contract.ts'

type Further = {
  params?: RefusalParams | undefined
  headers?: Record<string, string>
  more?: Record<string, unknown>
}

/**
 * A refusal that the caller is told. Thrown where a rule breaks; one handler answers it with `{"detail": …, "code": …}`.
 * `detail` is a sentence, or for 422 the list of faults in pydantic's form; `params` are what the sentence names, and
 * `more` joins the reply.
 */
export class HttpError extends Error {
  readonly status: number
  readonly code: Code
  readonly detail: unknown
  readonly params: RefusalParams | undefined
  readonly headers: Record<string, string>
  readonly more: Record<string, unknown>

  constructor(status: number, code: Code, detail: unknown, { params, headers = {}, more = {} }: Further = {}) {
    super(typeof detail === 'string' ? detail : `HTTP ${status}`)
    this.status = status
    this.code = code
    this.detail = detail
    this.params = params
    this.headers = headers
    this.more = more
  }
}

/** One fault of a request, in pydantic v2's form; a rule of the shop has a code beside it. */
export type FieldError = {
  type: string
  loc: (string | number)[]
  msg: string
  code?: Code
  params?: RefusalParams
}

/** A refusal as it goes from one process to another. */
export type PlainRefusal = Pick<HttpError, 'status' | 'code' | 'message' | 'params'>
export const plainRefusal = ({ status, code, message, params }: HttpError): PlainRefusal => ({
  status,
  code,
  message,
  params,
})
export const refusalFrom = ({ status, code, message, params }: PlainRefusal) =>
  new HttpError(status, code, message, { params })

export const badRequest = (code: Code, detail: string, params?: RefusalParams) =>
  new HttpError(400, code, detail, { params })
/** A refusal in the store API's own form beside `detail`: `{"success": false, "error": …}`. */
export const storeRefusal = (status: number, code: Code, error: string, params?: RefusalParams) =>
  new HttpError(status, code, error, { params, more: { success: false, error } })
/** The same refusal in the store API's own form. */
export const inStoreForm = ({ status, code, message, params }: HttpError) => storeRefusal(status, code, message, params)
export const forbidden = (code: Code, detail: string) => new HttpError(403, code, detail)
export const accessDenied = () => forbidden('access-denied', 'Access denied')
export const notFound = (code: Code, detail: string, params?: RefusalParams) =>
  new HttpError(404, code, detail, { params })
export const conflict = (code: Code, detail: string, params?: RefusalParams) =>
  new HttpError(409, code, detail, { params })
export const invalid = (fieldErrors: FieldError[]) => new HttpError(422, 'invalid-request', fieldErrors)
export const locked = () => new HttpError(423, 'screen-locked', 'The screen is locked')
export const tooLarge = () => new HttpError(413, 'body-too-large', 'Request body is too large')
export const wrongType = (expected: string) =>
  new HttpError(415, 'wrong-content-type', `Content-Type must be ${expected}`, { params: { expected } })
/** `seconds` until it is worth another try. */
export const tooMany = (code: Code, detail: string, seconds: number) =>
  new HttpError(429, code, detail, { headers: { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) } })
export const tooManyAttempts = (seconds: number) =>
  tooMany('too-many-attempts', 'Too many attempts, try again later', seconds)

export const unauthorized = (code: Code, detail: string) =>
  new HttpError(401, code, detail, { headers: { 'WWW-Authenticate': 'Bearer' } })
export const notAuthenticated = () => unauthorized('not-authenticated', 'Not authenticated')
export const badCredentials = () => unauthorized('session-invalid', 'Could not validate credentials')

/** What a rule of the shop says of one part of the request. */
export const ruleFault = (loc: FieldError['loc'], code: Code, sentence: string): FieldError => ({
  type: 'value_error',
  loc,
  msg: `Value error, ${sentence}`,
  code,
})
/** A field of the body that is needed and not there; `path` is where, from the body on. */
export const missingField = (...path: string[]) =>
  invalid([{ type: 'missing', loc: ['body', ...path], msg: 'Field required' }])
/** A 422 for one field of the body, where a rule needs more than the field itself. */
export const invalidField = (field: string, code: Code, sentence: string) =>
  invalid([ruleFault(['body', field], code, sentence)])

/** Of who works at one store, for what concerns them all. */
export const organisationNeeded = () =>
  forbidden('organisation-admin-needed', 'Only an admin of the whole organisation may do this')
