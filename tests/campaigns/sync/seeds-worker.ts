import { parentPort, workerData } from 'node:worker_threads'
import { liveThrough } from './seeds.ts'
import type { Asked } from './campaign.ts'
import { stillTime } from './still-time.ts'

/** A thread of the campaign: it lives through its share of the seeds and tells what it found. */

stillTime()
parentPort!.postMessage(await liveThrough(workerData as Asked))
