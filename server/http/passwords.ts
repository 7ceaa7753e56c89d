import { Worker } from 'node:worker_threads'

export type Passwords = {
  hash(password: string): Promise<string>
  /** Whether `password` made `hash`; takes as long when there is no hash, so that nobody learns which accounts exist. */
  matches(password: string, hash: string | null | undefined): Promise<boolean>
  close(): Promise<void>
}

type Answer = { id: number; value?: unknown; error?: string }

/** bcrypt in a thread of its own: on the main thread a login storm would stall every till for seconds. */
export function openPasswords(cost: number): Passwords {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let last = 0
  const hear = ({ id, value, error }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(value as never)
    else asked?.reject(new Error(error))
  }
  // A thread that ended answers nobody: who waits is told, and the next job begins another.
  const end = (error: Error) => {
    worker = undefined
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  let worker: Worker | undefined = startWorker(hear, end)

  const ask = <T>(job: object) =>
    new Promise<T>((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      worker ??= startWorker(hear, end)
      worker.ref()
      worker.postMessage({ id: last, ...job })
    }).finally(() => {
      if (waiting.size === 0) worker?.unref()
    })
  // A hash of the same cost that no password has: checking against it takes as long as against a real one.
  const nobody = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`

  return {
    hash: (password) => ask<string>({ hash: password, cost }),
    matches: async (password, hash) => {
      if (hash) return await ask<boolean>({ compare: password, with: hash })
      await ask<boolean>({ compare: password, with: nobody })
      return false
    },
    close: async () => {
      await worker?.terminate()
    },
  }
}

function startWorker(hear: (answer: Answer) => void, end: (error: Error) => void): Worker {
  const worker = new Worker(new URL('./password-worker.ts', import.meta.url), { name: 'passwords' })
  worker.on('message', hear)
  worker.once('error', (error) => end(error as Error))
  worker.unref()
  return worker
}
