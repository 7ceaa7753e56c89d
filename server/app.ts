import express, { type Express } from 'express'
import { api } from './api/api.ts'
import type { Context } from './context.ts'
import { counter } from './counter/counter.ts'
import { health } from './health.ts'
import { answerErrors, unknownPath } from './http/answer-errors.ts'
import { allowOrigins, checkHost, checkOrigin, CLOSED_CSP, securityHeaders } from './http/guards.ts'
import { logRequests } from './http/log.ts'
import type { Endpoint } from './http/endpoint.ts'
import { documents } from './http/documents/documents.ts'
import { routerOf } from './http/route.ts'
import { pages } from './pages.ts'
import { syncSurface } from './sync/hub/surface.ts'
import { v1 } from './v1/v1.ts'

/** Every endpoint of the program. */
export const endpoints = [...health, ...v1, ...api, ...counter]

/** The whole program on a page: guards, the surfaces, the counter's pages, errors last. */
export function openApp(context: Context, served: readonly Endpoint[] = endpoints): Express {
  const { config, log } = context
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', config.trustedProxies)
  app.use(context.run.activity.track)
  app.use(logRequests(log), securityHeaders(), checkHost(config))
  app.use((_req, res, next) => {
    res.setHeader('Content-Security-Policy', CLOSED_CSP)
    next()
  })
  // Machines call it, with a token of their own: it knows no origins.
  app.use('/sync/v1', syncSurface(context))
  app.use(allowOrigins(config), checkOrigin(config))
  app.use(routerOf(context, [...served, ...documents(served, config)]))
  app.use(pages())
  app.use(unknownPath, answerErrors(log, context.database))
  return app
}
