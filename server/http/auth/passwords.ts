import { Worker } from 'node:worker_threads'
import { HttpError, tooManyAttempts } from '../errors.ts'

/**
 * `address` is whose call waits for it: each address is served in turn, so that a crowd behind one delays no other. Without
 * one the program itself asks, for a new shop or on the command line, and is no crowd.
 */
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

type Job = { request: object; address: string; resolve: (value: never) => void; reject: (error: Error) => void }
type JobResult = { value?: unknown; error?: string }

/** How many may be hashed at once, as if at a counter's opening, before they have to wait for the patient thread. */
const MAX_PROMPT = 4
/** How often one more may be, in ms: whoever signs in without end has a tenth of a processor for it. */
const PROMPT_EVERY_MS = 2_500

/**
 * bcrypt in threads of its own: on the main thread a login storm would stall every till for seconds. Who comes alone is served
 * by a thread that keeps its place beside the machine's other programs; a crowd of one address, and whoever comes without end, by
 * a patient one behind all that answer.
 */
export function openPasswords(cost: number, stopwatch = () => performance.now()): Passwords {
  const queues = new Map<string, Job[]>()
  const prompt: Job[] = []
  /** How many of each address wait or are at work. */
  const present = new Map<string, number>()
  const mayBePrompt = openAllowance(stopwatch)
  let waiting = 0
  const leave = ({ address }: Job) => {
    const others = present.get(address)! - 1
    if (others > 0) present.set(address, others)
    else present.delete(address)
  }
  const take = (job: Job | undefined) => {
    if (job) waiting--
    return job
  }
  const lanes = {
    prompt: openLane('prompt', () => take(prompt.shift()), leave),
    patient: openLane('patient', () => take(takeNextJob(queues)), leave),
  }
  const enqueue = <T>(request: object, given: string | undefined) =>
    new Promise<T>((resolve, reject) => {
      const address = given ?? ''
      const queue = queues.get(address) ?? []
      refuseWhenCrowded(queue.length, waiting)
      const job = { request, address, resolve, reject }
      const isAlone = () => !present.has(address) && mayBePrompt()
      const goesAhead = given === undefined || isAlone()
      present.set(address, (present.get(address) ?? 0) + 1)
      waiting++
      if (goesAhead) {
        prompt.push(job)
        lanes.prompt.goOn()
      } else {
        queue.push(job)
        queues.set(address, queue)
        lanes.patient.goOn()
      }
    })
  // A hash of the same cost that no password has: checking against it takes as long as against a real one.
  const dummyHash = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`

  lanes.prompt.begin()
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
      await Promise.all([lanes.prompt.close(), lanes.patient.close()])
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

/** Whether one more may go ahead: so many at once, and then one after each pause. */
function openAllowance(stopwatch: () => number): () => boolean {
  let left = MAX_PROMPT
  let last = stopwatch()
  return () => {
    const now = stopwatch()
    left = Math.min(MAX_PROMPT, left + (now - last) / PROMPT_EVERY_MS)
    last = now
    if (left < 1) return false
    left--
    return true
  }
}

type Lane = 'prompt' | 'patient'

/** One thread that does one job after the other; it is started with the first. */
function openLane(lane: Lane, take: () => Job | undefined, leave: (job: Job) => void) {
  let current: Job | undefined
  let worker: Worker | undefined

  const begin = () => (worker ??= startWorker(lane, onResult, onError))
  const onResult = ({ value, error }: JobResult) => {
    if (error === undefined) end()?.resolve(value as never)
    else end()?.reject(new Error(error))
    next()
  }
  // A thread that ended answers nobody: who waits for it is told, and the next job begins another.
  const onError = (error: Error) => {
    worker = undefined
    end()?.reject(error)
    next()
  }
  const end = () => {
    const ended = current
    current = undefined
    if (ended) leave(ended)
    return ended
  }
  const next = () => {
    current = take()
    if (!current) return void worker?.unref()
    begin().ref()
    worker!.postMessage(current.request)
  }
  return {
    begin,
    goOn: () => {
      if (!current) next()
    },
    close: async () => {
      await worker?.terminate()
    },
  }
}

function startWorker(lane: Lane, onResult: (answer: JobResult) => void, onError: (error: Error) => void): Worker {
  const worker = new Worker(new URL('./password-worker.ts', import.meta.url), { name: 'passwords', workerData: lane })
  worker.on('message', onResult)
  worker.once('error', (error) => onError(error as Error))
  worker.unref()
  return worker
}
