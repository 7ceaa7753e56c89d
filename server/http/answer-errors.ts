import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { basename } from 'node:path'
import {
  DatabaseChanged,
  DatabaseDamaged,
  DatabaseGone,
  isDamage,
  isDiskFull,
  isSearchDamage,
  isUnavailable,
  RowOfAnotherNode,
} from '../../db/errors.ts'
import type { Database } from '../../db/database.ts'
import { HttpError } from './errors.ts'

/** Whatever no endpoint has. */
export const unknownPath: RequestHandler = (_req, _res, next) => next(new HttpError(404, 'path-not-found', 'Not Found'))

/** The one place where errors become replies. What nobody expected is 500 with the request's id, logged once. */
export function answerErrors(log: Logger, database: Pick<Database, 'damage'>): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const known = knownError(error, database)
    if (!known)
      log.error(
        { err: error, request: res.getHeader('X-Request-Id'), method: req.method, path: req.path },
        'unexpected error',
      )
    else if (known.status >= 500)
      log.error({ request: res.getHeader('X-Request-Id'), reason: String(error) }, 'refused for now')
    else if (req.method === 'GET' && LOGGED_READ_STATUSES.has(known.status))
      log.info({ request: res.getHeader('X-Request-Id'), path: req.path, status: known.status }, 'refused')
    if (res.headersSent) return next(error)
    const { status, code, detail, params, headers, more } =
      known ?? new HttpError(500, 'internal-error', 'Internal Server Error')
    if (!req.readableEnded && isLong(req)) res.setHeader('Connection', 'close')
    res
      .status(status)
      .set(headers)
      .json({
        detail,
        code,
        ...(params && { params }),
        ...more,
        ...(known ? {} : { request_id: res.getHeader('X-Request-Id') }),
      })
  }
}

/** Reads that somebody tried who may not: the log keeps them, as it does every write. */
const LOGGED_READ_STATUSES: ReadonlySet<number> = new Set([401, 403, 421, 429])

/** Bodies up to this many bytes are read to their end, and thrown away: who is cut off while sending never sees the answer. */
const MAX_DRAINED_BODY_BYTES = 33_554_432

/** Whether the rest of a body is too long to be read and thrown away. */
export const isLong = ({ headers }: Request) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MAX_DRAINED_BODY_BYTES

/** What an error is answered with; null for one that nobody expected. */
export function knownError(error: unknown, database: Pick<Database, 'damage'>): HttpError | null {
  if (error instanceof HttpError) return error
  if (isDiskFull(error))
    return new HttpError(507, 'disk-full', 'The disk is full: nothing was saved. Free some space and try again.')
  // A broken search index that stops no writes is being made anew.
  if (isUnavailable(error) || (isSearchDamage(error) && database.damage() === null))
    return new HttpError(503, 'database-busy', 'The database is busy; nothing was saved. Try again.', {
      headers: { 'Retry-After': '1' },
    })
  if (isDamage(error)) return new HttpError(503, 'database-damaged', new DatabaseDamaged().message)
  if (error instanceof DatabaseChanged) return new HttpError(503, 'database-changed', CHANGED)
  if (error instanceof DatabaseGone) return databaseGone(basename(error.path))
  if (error instanceof RowOfAnotherNode)
    return new HttpError(409, 'row-of-another-terminal', `This belongs to ${error.terminal}: it is changed there.`, {
      params: { terminal: error.terminal },
    })
  // Express's own refusals: a path that cannot be decoded.
  if (error instanceof URIError) return new HttpError(404, 'path-not-found', 'Not Found')
  return null
}

/** What acts, and in which file, people behind the counter read in `/counter/check`. */
const CHANGED =
  'Another program has added a trigger to the database, which would act with whatever is saved: nothing can be saved until it is taken out. What is there is not lost.'

/** Callers are told the name alone: the folder is nobody's business outside of the shop. */
const databaseGone = (file: string) =>
  new HttpError(
    503,
    'database-gone',
    `${file} was moved, removed or replaced while the server has it open: nothing can be saved until it is back in its place. What was sent just now may be saved in it all the same: look before it is sent again.`,
    { params: { file } },
  )
