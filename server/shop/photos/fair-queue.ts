import { photosCrowded, tooManyPhotos } from '../../http/bounds/upload-room.ts'

/** Runs work for `who`ever wants it. @throws 429 or 503 with Retry-After when too many wait already */
export type FairQueue = <T>(work: () => Promise<T>, owner?: number) => Promise<T>

type Waiting = { owner: number; start: () => void; refuse: (reason: Error) => void }

/**
 * Lets `places` works go on at once and `waiting` more stand in line, where nobody comes between two others by having
 * brought more: who has the least going on is called first, and who has the most in line is turned away. Whoever fills
 * most of the line alone is told so.
 */
export function createFairQueue({
  concurrency,
  maxWaiting = Infinity,
}: {
  concurrency: number
  maxWaiting?: number
}): FairQueue {
  const queue: Waiting[] = []
  const running: number[] = []
  return async (work, owner = 0) => {
    if (running.length < concurrency) running.push(owner)
    else
      await new Promise<void>((start, refuse) => {
        queue.push({ owner, start, refuse })
        if (queue.length > maxWaiting) refuseOne(queue)
      })
    try {
      return await work()
    } finally {
      running.splice(running.indexOf(owner), 1)
      const next = nextOf(queue, running)
      if (next) {
        running.push(next.owner)
        next.start()
      }
    }
  }
}

const countOf = (all: readonly number[], owner: number) => all.filter((other) => other === owner).length

/** The first in line of those with the least going on. */
function nextOf(queue: Waiting[], running: readonly number[]): Waiting | undefined {
  const runningPerOwner = queue.map(({ owner }) => countOf(running, owner))
  return queue.length === 0 ? undefined : queue.splice(runningPerOwner.indexOf(Math.min(...runningPerOwner)), 1)[0]
}

/** The last in line of those with the most in it. */
function refuseOne(queue: Waiting[]) {
  const owners = queue.map(({ owner }) => owner)
  const countPerOwner = owners.map((owner) => countOf(owners, owner))
  const most = Math.max(...countPerOwner)
  const isMostOfQueue = most > owners.length / 2
  queue.splice(countPerOwner.lastIndexOf(most), 1)[0]!.refuse(isMostOfQueue ? tooManyPhotos() : photosCrowded())
}
