import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import bcrypt from 'bcryptjs'

type Job = { hash: string; cost: number } | { compare: string; with: string }

/** Linux sets the priority of this thread alone, behind those that answer; elsewhere it would be the whole program's. */
if (workerData === 'patient' && process.platform === 'linux') setPriority(15)

/** One job after the other, each to its end: yielding inside would only make all of them late. */
parentPort?.on('message', (job: Job) => {
  try {
    const value = 'hash' in job ? bcrypt.hashSync(job.hash, job.cost) : bcrypt.compareSync(job.compare, job.with)
    parentPort!.postMessage({ value })
  } catch (error) {
    parentPort!.postMessage({ error: (error as Error).message })
  }
})
