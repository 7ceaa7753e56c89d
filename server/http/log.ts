import { randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'
import { type Logger, pino } from 'pino'

/** Fields that never enter a log, wherever they stand. */
const SECRET_FIELDS = [
  'password',
  'pin',
  'passcode',
  'token',
  'access_token',
  'refresh_token',
  'code',
  'authorization',
  'cookie',
  'signature',
]

/** The program's log: JSON lines. `level` is pino's. */
export function openLog(level: string, destination?: { write(line: string): void }): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])
  const options = { level, base: null, serializers: { err: errorLine }, redact: { paths, censor: '[secret]' } }
  return destination ? pino(options, destination) : pino(options)
}

/** What a log says of an error. A database's own report of one may quote a row, which may be a person's. */
const errorLine = ({ name, message, stack, code }: Error & { code?: unknown }) => ({ type: name, message, stack, code })

/**
 * Gives each request an id and logs it when it was answered: writes always, reads at debug. Never a body or query. `res.locals` may
 * say that a POST only reads (`isRead`), and which `node` of a fleet calls.
 */
export function logRequests(log: Logger): RequestHandler {
  const start = randomBytes(4).toString('hex')
  let count = 0
  const reads = log.isLevelEnabled('debug')
  return (req, res, next) => {
    const id = `${start}-${(++count).toString(36)}`
    res.setHeader('X-Request-Id', id)
    if (reads || req.method !== 'GET') {
      const began = performance.now()
      res.on('finish', () => {
        const isRead = req.method === 'GET' || res.locals['isRead'] === true
        const line = {
          request: id,
          node: res.locals['node'] as number | undefined,
          method: req.method,
          path: req.originalUrl.split('?')[0],
          status: res.statusCode,
          ms: Math.round(performance.now() - began),
        }
        if (res.statusCode >= 400) log.info(line, 'refused')
        else log[isRead ? 'debug' : 'info'](line, 'answered')
      })
    }
    next()
  }
}
