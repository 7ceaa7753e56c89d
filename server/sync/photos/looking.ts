import type { Logger } from 'pino'
import { LineError } from '../agent/errors.ts'
import type { PhotoAnswer } from '../agent/line.ts'
import { createFairQueue } from '../../shop/photos/fair-queue.ts'

/** Has a picture fetched that is not here; waits for it a little, and goes on where it takes longer. Throws nothing. */
export type Looking = (sha256: string) => Promise<void>

type LookingParts = {
  isUp: () => boolean
  fetch: (sha256: string, signal: AbortSignal) => Promise<PhotoAnswer>
  log: Logger
  closing: AbortSignal
}

/** How many pictures that somebody looks at may stand in line. */
const MOST = 100
/** How many requests of the page wait for one, and how long, in ms: it has few connections, and hears when the picture is there. */
const WAITING = 2
const PATIENCE = 3_000
/** Head office did not have it: it is not asked again for so long, in ms. */
const NOT_AGAIN_FOR = 5_000

/** People who look do not wait behind what is sent: theirs is a line of its own, one at a time. */
export function openLooking({ isUp, fetch, log, closing }: LookingParts): Looking {
  const queue = createFairQueue({ concurrency: 1, maxWaiting: MOST })
  const underWay = new Map<string, Promise<void>>()
  const askedInVain = new Map<string, NodeJS.Timeout>()
  let waiting = 0
  const failed = (sha256: string) => {
    const timer = setTimeout(() => askedInVain.delete(sha256), NOT_AGAIN_FOR).unref()
    askedInVain.set(sha256, timer)
  }
  const ask = async (sha256: string) => {
    try {
      const { is } = await queue(() => fetch(sha256, closing))
      if (is !== 'here') failed(sha256)
    } catch (error) {
      failed(sha256)
      if (!closing.aborted && !(error instanceof LineError))
        log.info({ reason: (error as Error).message, sha256 }, 'a photo that somebody looks at could not be fetched')
    } finally {
      underWay.delete(sha256)
    }
  }
  return async (sha256) => {
    if (closing.aborted || !isUp() || askedInVain.has(sha256)) return
    const asking = underWay.get(sha256) ?? ask(sha256)
    underWay.set(sha256, asking)
    if (waiting >= WAITING) return
    waiting++
    let timer: NodeJS.Timeout | undefined
    await Promise.race([asking, new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE)))])
    clearTimeout(timer)
    waiting--
  }
}
