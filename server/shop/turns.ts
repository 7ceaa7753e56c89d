import { HttpError } from '../http/errors.ts'

/** Runs work in the order it came. @throws 503 when too many wait already */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** Lets `places` works go on at once and `waiting` more stand in line. */
export function openTurns({ places, waiting = Infinity }: { places: number; waiting?: number }): Turns {
  const line: (() => void)[] = []
  let taken = 0
  return async (work) => {
    if (taken < places) taken += 1
    else if (line.length < waiting) await new Promise<void>((called) => line.push(called))
    else throw busy()
    try {
      return await work()
    } finally {
      // The place goes to the next in line, or is free.
      const call = line.shift()
      if (call) call()
      else taken -= 1
    }
  }
}

const busy = () =>
  new HttpError(503, 'Too many photos are coming in at once; nothing was saved. Try again in a moment.', {
    headers: { 'Retry-After': '5' },
  })
