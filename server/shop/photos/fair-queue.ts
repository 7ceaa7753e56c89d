import { HttpError, tooMany } from '../../http/errors.ts'

/** Runs work for `who`ever wants it. @throws 429 or 503 with Retry-After when too many wait already */
export type Turns = <T>(work: () => Promise<T>, who?: number) => Promise<T>

type Waiting = { who: number; call: () => void; refuse: (reason: Error) => void }

/**
 * Lets `places` works go on at once and `waiting` more stand in line, where nobody comes between two others by having
 * brought more: who has the least going on is called first, and who has the most in line is turned away. Whoever fills
 * most of the line alone is told so.
 */
export function openTurns({ places, waiting = Infinity }: { places: number; waiting?: number }): Turns {
  const line: Waiting[] = []
  const atWork: number[] = []
  return async (work, who = 0) => {
    if (atWork.length < places) atWork.push(who)
    else
      await new Promise<void>((call, refuse) => {
        line.push({ who, call, refuse })
        if (line.length > waiting) turnAway(line)
      })
    try {
      return await work()
    } finally {
      atWork.splice(atWork.indexOf(who), 1)
      const next = nextOf(line, atWork)
      if (next) {
        atWork.push(next.who)
        next.call()
      }
    }
  }
}

const countOf = (all: readonly number[], who: number) => all.filter((other) => other === who).length

/** The first in line of those with the least going on. */
function nextOf(line: Waiting[], atWork: readonly number[]): Waiting | undefined {
  const going = line.map(({ who }) => countOf(atWork, who))
  return line.length === 0 ? undefined : line.splice(going.indexOf(Math.min(...going)), 1)[0]
}

/** The last in line of those with the most in it. */
function turnAway(line: Waiting[]) {
  const people = line.map(({ who }) => who)
  const brought = people.map((who) => countOf(people, who))
  const most = Math.max(...brought)
  const alone = most > people.length / 2
  line.splice(brought.lastIndexOf(most), 1)[0]!.refuse(alone ? tooMany('too-many-photos', MINE, COME_BACK) : crowded())
}

/** By then some of the line is done, in s. */
const COME_BACK = 5

const MINE = 'You are sending too many photos at once; nothing was saved of the last. Try again in a moment.'

const crowded = () =>
  new HttpError(
    503,
    'photos-crowded',
    'Too many photos are coming in at once; nothing was saved. Try again in a moment.',
    {
      headers: { 'Retry-After': String(COME_BACK) },
    },
  )
