import express, { type Express, type RequestHandler, type Response } from 'express'

/** What stands before the program while it serves: the database under it may be another one from one moment to the next. */
export type Front = {
  /** What listeners are made of. */
  app: Express
  /** Answers through this from now on, those first who have waited. */
  show(handler: RequestHandler): void
  /** Lets requests wait from now on; returns once those at work are answered, or cut off after `graceMs`. */
  hold(graceMs: number): Promise<void>
  /** Answers everybody that it has to be started anew. */
  giveUp(): void
}

/** Whoever calls before `show` waits for it. */
export function openFront(trustedProxies: string[]): Front {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', trustedProxies)
  const atWork = new Set<Response>()
  let shown = Promise.withResolvers<RequestHandler>()
  app.use((req, res, next) => {
    const answer = (handler: RequestHandler) => {
      if (res.destroyed) return
      atWork.add(res)
      res.once('close', () => atWork.delete(res))
      return handler(req, res, next)
    }
    shown.promise.then(answer).catch(next)
  })
  return {
    app,
    show: (handler) => shown.resolve(handler),
    giveUp: () =>
      shown.resolve((_req, res) => void res.status(503).json({ detail: 'Fixpoint has to be started anew' })),
    hold: async (graceMs) => {
      shown = Promise.withResolvers()
      const cut = setTimeout(() => {
        for (const response of atWork) response.destroy()
      }, graceMs)
      for (const response of atWork)
        if (!response.closed) await new Promise<void>((done) => response.once('close', done))
      clearTimeout(cut)
    },
  }
}
