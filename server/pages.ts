import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { type RequestHandler, Router } from 'express'
import { ROOT } from './built.mjs'
import { pageCsp } from './http/guards.ts'

/** Where the built counter UI lies. */
const BUILT = join(ROOT, 'dist', 'renderer')

/** What is said where the screens would be, in a checkout in which nobody has built them. */
export const NOT_BUILT =
  'The screens of the counter are not built yet. Run: npm run build. (npm start does it by itself.)'

/** Whether there are screens to serve. */
export const pagesAreBuilt = () => existsSync(join(BUILT, 'index.html'))

/** What stands in the built page where the nonce of a reply goes. */
const NONCE_MARK = '__CSP_NONCE__'

/** The counter UI: its files, and its one page for every address that a browser asks a page of. */
export function pages(): Router {
  const router = Router()
  router.use(
    '/assets',
    express.static(join(BUILT, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false }),
  )
  router.use(express.static(BUILT, { index: false, redirect: false, maxAge: '1h' }))
  router.get(/^\/(?!v1\/|api\/|counter\/|assets\/).*/, page())
  return router
}

function page(): RequestHandler {
  const file = join(BUILT, 'index.html')
  return (req, res, next) => {
    const asksForPage = req.path === '/' || req.headers.accept?.includes('text/html')
    if (!asksForPage) return next()
    if (!pagesAreBuilt()) return void res.status(503).type('text').send(`${NOT_BUILT}\n`)
    const nonce = randomBytes(16).toString('base64')
    res.setHeader('Content-Security-Policy', pageCsp(nonce))
    res.setHeader('Cache-Control', 'no-store')
    res.type('html').send(readFileSync(file, 'utf8').replaceAll(NONCE_MARK, nonce))
  }
}
