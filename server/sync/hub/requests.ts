import type { Request, Response } from 'express'
import { SyncRefused, tryAgain } from '../refused.ts'

/** The requests that are at work: each ends when its time is over, its caller is gone, or the server closes. */
export type Requests = { begin(req: Request, res: Response, ms: number): Running }

export type Running = {
  /** Aborted when nobody waits for the answer any more; `reason` is a `SyncRefused`. */
  signal: AbortSignal
  /** Rejects when the time is over, with what the caller is told. */
  late: Promise<never>
  end(): void
}

export function openRequests(closing: AbortSignal): Requests {
  // One listener for all of them: thousands may be held at once.
  const running = new Set<AbortController>()
  closing.addEventListener('abort', () => {
    for (const controller of running) controller.abort(closes())
  })
  return {
    begin: (req, res, ms) => {
      const controller = new AbortController()
      running.add(controller)
      const gone = () => controller.abort(cutOff())
      res.once('close', gone)
      let timer: NodeJS.Timeout
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          const refusal = req.complete ? tooLong(ms) : tooSlow()
          controller.abort(refusal)
          reject(refusal)
        }, ms)
      })
      late.catch(() => {}) // Whoever races with it hears of it.
      return {
        signal: controller.signal,
        late,
        end: () => {
          clearTimeout(timer)
          running.delete(controller)
          res.off('close', gone)
        },
      }
    },
  }
}

/** What was begun goes on: it is there when the node asks again. */
const tooLong = (ms: number): SyncRefused =>
  tryAgain(503, 'too-long', `A request lasts ${Math.round(ms / 1_000)} seconds at most`, 5)

/** The caller has gone: nobody hears of it. */
export const cutOff = () => new SyncRefused(400, { error: 'cut-off', detail: 'The body was cut off' })

const tooSlow = () =>
  new SyncRefused(408, { error: 'too-slow', detail: 'The body took too long to arrive' }, { Connection: 'close' })

export const closes = (): SyncRefused => tryAgain(503, 'closing', 'Head office is closing', 5)
