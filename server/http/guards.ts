import { hostname, networkInterfaces } from 'node:os'
import cors from 'cors'
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { Config } from '../config.ts'
import { HttpError } from './errors.ts'

/** The headers that every reply carries. No `upgrade-insecure-requests`: the shop's network may be plain http. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: false, // Pages set their own, with a nonce; everything else gets the closed one below.
    strictTransportSecurity: false, // The same host serves http on the shop's network.
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
  })
}

/** What a reply that is no page may do in a browser: nothing. */
export const CLOSED_CSP = "default-src 'none'; frame-ancestors 'none'"

/** Scripts, styles and pictures of our own, and styles that carry this page's nonce. */
export const pageCsp = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** 421 for a Host that is not ours: a foreign name that points here (DNS rebinding) reads nothing. */
export function checkHost(config: Config): RequestHandler {
  const names = ['localhost', '127.0.0.1', '[::1]', config.host, hostname(), `${hostname()}.local`, ...config.hosts]
  const read = () => new Set([...names, ...ownAddresses()].map(lower))
  let ours = read()
  let readAt = performance.now()
  const known = new Set<string>()
  const isOurs = (host: string) => {
    const name = lower(host.replace(/:\d+$/, ''))
    // The network may have come up, or given another address, since the start.
    if (!ours.has(name) && performance.now() - readAt > ADDRESS_REFRESH_MS) {
      ours = read()
      readAt = performance.now()
    }
    return ours.has(name)
  }
  return (req, _res, next) => {
    const host = req.headers.host ?? ''
    if (known.has(host)) return next()
    if (!isOurs(host))
      return next(
        new HttpError(421, 'misdirected-request', 'Misdirected Request: this server does not go by that name'),
      )
    if (known.size < 1_000) known.add(host)
    next()
  }
}

/** For a name that is not known the machine's addresses are asked again, at most this often, in ms. */
const ADDRESS_REFRESH_MS = 1_000

const lower = (text: string) => text.toLowerCase()

function ownAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
}

/** 403 for a write that another site's page sends: only our own pages and the configured origins may. */
export function checkOrigin({ corsOrigins }: Config): RequestHandler {
  const allowed = new Set(corsOrigins)
  return (req, _res, next) => {
    const { origin, host } = req.headers
    const harmless = req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS' || origin === undefined
    const own = !harmless && (origin === `http://${host}` || origin === `https://${host}`)
    next(
      harmless || own || allowed.has(origin!)
        ? undefined
        : new HttpError(403, 'origin-refused', 'This origin may not write here'),
    )
  }
}

/** Lets the configured origins read replies and the headers that count. */
export function allowOrigins({ corsOrigins }: Config): RequestHandler {
  const handler = cors({
    origin: corsOrigins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Accept', 'X-Requested-With'],
    exposedHeaders: ['X-Total-Count', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
  })
  return (req, res, next) => {
    if (req.headers.origin !== undefined) return handler(req, res, next)
    res.setHeader('Vary', 'Origin')
    next()
  }
}
