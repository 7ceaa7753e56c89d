import { Worker } from 'node:worker_threads'
import { HttpError, tooManyAttempts } from '../errors.ts'

/** `address` is whose call waits for it: each address is served in turn, so that a crowd behind one delays no other. */
export type Passwords = {
  /** @throws 429 or 503 with Retry-After when too many wait */
  hash(password: string, address?: string): Promise<string>
  /**
   * Whether `password` made `hash`, however its letters are composed; takes as long when there is no hash, so that nobody learns which accounts exist.
   * @throws 429 or 503 with Retry-After when too many wait
   */
  matches(password: string, hash: string | null | undefined, address?: string): Promise<boolean>
  /** The guesses at passwords, PINs and codes whose outcome is not known yet, in the order in which they came. */
  pendingGuesses: Set<PendingGuess>
  close(): Promise<void>
}

export type PendingGuess = { account: string; address: string; decided: Promise<void> }

/** How many may wait: half a minute's work for one address, a minute and a half's in all. */
const MAX_WAITING_PER_ADDRESS = 100
const MAX_WAITING = 300
/** By then a third of a full queue is done, in s. */
const RETRY_AFTER_S = 10

/**
 * Refuses one more of those who wait when there are too many of them.
 * @throws 429 or 503 with Retry-After
 */
export function refuseWhenCrowded(fromAddress: number, inAll: number): void {
  if (fromAddress >= MAX_WAITING_PER_ADDRESS) throw tooManyAttempts(RETRY_AFTER_S)
  if (inAll < MAX_WAITING) return
  const headers = { 'Retry-After': String(RETRY_AFTER_S) }
  throw new HttpError(503, 'too-many-sign-ins', 'Too many people are signing in, try again later', { headers })
}

type Job = { request: object; resolve: (value: never) => void; reject: (error: Error) => void }
type JobResult = { value?: unknown; error?: string }

/** bcrypt in a thread of its own: on the main thread a login storm would stall every till for seconds. */
export function openPasswords(cost: number): Passwords {
  const queues = new Map<string, Job[]>()
  let waiting = 0
  let current: Job | undefined
  let worker: Worker | undefined

  const start = () => startWorker(onResult, onError)
  const onResult = ({ value, error }: JobResult) => {
    if (error === undefined) current?.resolve(value as never)
    else current?.reject(new Error(error))
    next()
  }
  // A thread that ended answers nobody: who waits for it is told, and the next job begins another.
  const onError = (error: Error) => {
    worker = undefined
    current?.reject(error)
    next()
  }
  const next = () => {
    current = takeNextJob(queues)
    if (!current) return void worker?.unref()
    waiting--
    worker ??= start()
    worker.ref()
    worker.postMessage(current.request)
  }
  const enqueue = <T>(request: object, address = '') =>
    new Promise<T>((resolve, reject) => {
      const queue = queues.get(address) ?? []
      refuseWhenCrowded(queue.length, waiting)
      queue.push({ request, resolve, reject })
      queues.set(address, queue)
      waiting++
      if (!current) next()
    })
  // A hash of the same cost that no password has: checking against it takes as long as against a real one.
  const dummyHash = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`

  worker = start()
  return {
    hash: (password, address) => enqueue<string>({ hash: password.normalize('NFC'), cost }, address),
    matches: async (password, hash, address) => {
      let matched = false
      for (const form of formsOf(password)) {
        const known = isReadWhole(form) ? hash : null
        matched ||= (await enqueue<boolean>({ compare: form, with: known || dummyHash }, address)) && !!known
      }
      return matched
    },
    pendingGuesses: new Set(),
    close: async () => {
      await worker?.terminate()
    },
  }
}

/** In one form (NFC) first; hashes of before were made of what the keyboard sent, which took letters with accents apart or did not. */
const formsOf = (password: string) => new Set([password.normalize('NFC'), password, password.normalize('NFD')])

/** All that bcrypt reads of a password, in bytes. */
const BCRYPT_MAX_BYTES = 72
const isReadWhole = (password: string) => Buffer.byteLength(password) <= BCRYPT_MAX_BYTES

/** The next job: the first of the address that has waited longest for its turn. */
function takeNextJob(queues: Map<string, Job[]>): Job | undefined {
  for (const [address, [job, ...others]] of queues) {
    queues.delete(address)
    if (others.length > 0) queues.set(address, others)
    return job
  }
  return undefined
}

function startWorker(onResult: (answer: JobResult) => void, onError: (error: Error) => void): Worker {
  const worker = new Worker(new URL('./password-worker.ts', import.meta.url), { name: 'passwords' })
  worker.on('message', onResult)
  worker.once('error', (error) => onError(error as Error))
  worker.unref()
  return worker
}
