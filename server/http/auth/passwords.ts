import { Worker } from 'node:worker_threads'
import { HttpError, tooManyAttempts } from '../errors.ts'

/** `address` is whose call waits for it: each address is served in turn, so that a crowd behind one delays no other. */
export type Passwords = {
  /** @throws 429 or 503 with Retry-After when too many wait */
  hash(password: string, address?: string): Promise<string>
  /**
   * Whether `password` made `hash`; takes as long when there is no hash, so that nobody learns which accounts exist.
   * @throws 429 or 503 with Retry-After when too many wait
   */
  matches(password: string, hash: string | null | undefined, address?: string): Promise<boolean>
  /** The guesses at passwords, PINs and codes whose outcome is not known yet, in the order in which they came. */
  undecided: Set<Undecided>
  close(): Promise<void>
}

export type Undecided = { account: string; address: string; decided: Promise<void> }

/** How many may wait: half a minute's work for one address, a minute and a half's in all. */
const PER_ADDRESS = 100
const IN_ALL = 300
/** By then a third of a full queue is done, in s. */
const COME_BACK = 10

/**
 * Refuses one more of those who wait when there are too many of them.
 * @throws 429 or 503 with Retry-After
 */
export function refuseCrowd(fromAddress: number, inAll: number): void {
  if (fromAddress >= PER_ADDRESS) throw tooManyAttempts(COME_BACK)
  if (inAll < IN_ALL) return
  const headers = { 'Retry-After': String(COME_BACK) }
  throw new HttpError(503, 'too-many-sign-ins', 'Too many people are signing in, try again later', { headers })
}

type Job = { asked: object; resolve: (value: never) => void; reject: (error: Error) => void }
type Answer = { value?: unknown; error?: string }

/** bcrypt in a thread of its own: on the main thread a login storm would stall every till for seconds. */
export function openPasswords(cost: number): Passwords {
  const lanes = new Map<string, Job[]>()
  let waiting = 0
  let current: Job | undefined
  let worker: Worker | undefined

  const start = () => startWorker(hear, end)
  const hear = ({ value, error }: Answer) => {
    if (error === undefined) current?.resolve(value as never)
    else current?.reject(new Error(error))
    next()
  }
  // A thread that ended answers nobody: who waits for it is told, and the next job begins another.
  const end = (error: Error) => {
    worker = undefined
    current?.reject(error)
    next()
  }
  const next = () => {
    current = takeTurn(lanes)
    if (!current) return void worker?.unref()
    waiting--
    worker ??= start()
    worker.ref()
    worker.postMessage(current.asked)
  }
  const ask = <T>(asked: object, address = '') =>
    new Promise<T>((resolve, reject) => {
      const lane = lanes.get(address) ?? []
      refuseCrowd(lane.length, waiting)
      lane.push({ asked, resolve, reject })
      lanes.set(address, lane)
      waiting++
      if (!current) next()
    })
  // A hash of the same cost that no password has: checking against it takes as long as against a real one.
  const nobody = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`

  worker = start()
  return {
    hash: (password, address) => ask<string>({ hash: password, cost }, address),
    matches: async (password, hash, address) =>
      (await ask<boolean>({ compare: password, with: hash || nobody }, address)) && !!hash,
    undecided: new Set(),
    close: async () => {
      await worker?.terminate()
    },
  }
}

/** The next job: the first of the address that has waited longest for its turn. */
function takeTurn(lanes: Map<string, Job[]>): Job | undefined {
  for (const [address, [job, ...others]] of lanes) {
    lanes.delete(address)
    if (others.length > 0) lanes.set(address, others)
    return job
  }
  return undefined
}

function startWorker(hear: (answer: Answer) => void, end: (error: Error) => void): Worker {
  const worker = new Worker(new URL('./password-worker.ts', import.meta.url), { name: 'passwords' })
  worker.on('message', hear)
  worker.once('error', (error) => end(error as Error))
  worker.unref()
  return worker
}
