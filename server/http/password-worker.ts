import { parentPort } from 'node:worker_threads'
import bcrypt from 'bcryptjs'

type Job = { id: number; hash?: string; cost?: number; compare?: string; with?: string }

/** One job after the other, each to its end: yielding inside would only make all of them late. */
parentPort?.on('message', (job: Job) => {
  try {
    const value =
      job.hash === undefined ? bcrypt.compareSync(job.compare!, job.with!) : bcrypt.hashSync(job.hash, job.cost)
    parentPort!.postMessage({ id: job.id, value })
  } catch (error) {
    parentPort!.postMessage({ id: job.id, error: (error as Error).message })
  }
})
