import type { RequestHandler, Response } from 'express'

/** Whether anybody asks this server for something. */
export type Activity = {
  /** Notes each request from its beginning to its end. */
  track: RequestHandler
  /** How long nothing was asked, in ms; 0 while something is at work. */
  idleMs(): number
}

/** Asked by programs that watch whether the server is there, and by nodes that listen all day: nobody waits for them. */
const WATCHED = new Set(['/health', '/api/health', '/sync/v1/pull'])

/** `clock` in ms. */
export function openActivity(clock: () => number = () => performance.now()): Activity {
  const open = new Set<Response>()
  let last = clock()
  return {
    track: (req, res, next) => {
      if (!WATCHED.has(req.path)) {
        open.add(res)
        last = clock()
        res.on('close', () => {
          open.delete(res)
          if (!isStream(res)) last = clock()
        })
      }
      next()
    },
    idleMs: () => ([...open].some((res) => !isStream(res)) ? 0 : clock() - last),
  }
}

/** A page that listens for changes does so all day. */
const isStream = (res: Response) => res.getHeader('Content-Type') === 'text/event-stream'
