import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { plainRefusal, refusalFrom } from '../../http/errors.ts'
import type { Upload } from '../../http/uploads.ts'
import { unreadablePicture } from './photo-refusals.ts'
import type { CheckedPicture, Picture } from './image.ts'
import type { ImageTask, ProcessedImage } from './image-worker.ts'
import { createFairQueue, type FairQueue } from './fair-queue.ts'

/**
 * Where photos are developed: in processes of their own, at low priority, for two requests of the web and one of the desk
 * at once. What a decoder takes of memory it keeps in pieces, and what is wrong with it ends it: neither is the till's affair.
 */
export type ImageWorkers = {
  /** One after the other, for `who`ever brings them. @throws 400 for what is no picture, 429 or 503 while too many wait */
  processAll(uploads: readonly Upload[], uploader?: Uploader): Promise<Picture[]>
  /** Looks at a picture of ours that the machine of this number sent. @throws 400 for what is none, 429 or 503 while too many wait */
  check(upload: Upload, node: number): Promise<CheckedPicture>
  close(): void
}

/** People behind the counter have a line of their own: whatever the web sends, the desk goes on. */
export type Uploader = { id: number; atDesk: boolean }

/** Requests that are worked on, and that wait. */
const WEB_QUEUE = { concurrency: 2, maxWaiting: 16 }
const DESK_QUEUE = { concurrency: 1, maxWaiting: 16 }
/** Other machines of the fleet can wait. */
const FLEET_QUEUE = { concurrency: 1, maxWaiting: 16 }
/** In ms: longer than `develop` gives itself. */
const PROCESSING_TIMEOUT_MS = 60_000
/** How long nothing comes in until the processes end, in ms. */
const IDLE_MS = 10_000

/** Electron's packaged program cannot start itself as Node: there photos are developed in the server. */
export const createImageWorkers = (): ImageWorkers => (process.versions['electron'] ? inTheServer() : inProcesses())

function createQueues() {
  const [desk, others, fleet] = [DESK_QUEUE, WEB_QUEUE, FLEET_QUEUE].map(createFairQueue) as [
    FairQueue,
    FairQueue,
    FairQueue,
  ]
  return {
    fleet,
    people: <T>(work: () => Promise<T>, uploader?: Uploader) => (uploader?.atDesk ? desk : others)(work, uploader?.id),
  }
}

function inTheServer(): ImageWorkers {
  const { people, fleet } = createQueues()
  const processHere = async (upload: Upload) => (await import('./image.ts')).processImage(upload)
  return {
    processAll: (uploads, uploader) => people(() => eachOf(uploads, processHere), uploader),
    check: (upload, node) => fleet(async () => (await import('./image.ts')).checkImage(upload), node),
    close: () => {},
  }
}

function inProcesses(): ImageWorkers {
  const { people, fleet } = createQueues()
  const idle: ChildProcess[] = []
  let closed = false
  const startChild = () => {
    const child = start()
    child.on('error', () => {}) // Heard by who waits for it, if anybody does.
    child.once('exit', () => idle.splice(0, Infinity, ...idle.filter((other) => other !== child)))
    return child
  }
  const endIdle = () => idle.splice(0).forEach((child) => child.kill('SIGKILL'))
  let timeout = setTimeout(endIdle, 0)
  const inChild = async (task: ImageTask) => {
    clearTimeout(timeout)
    const child = idle.pop() ?? startChild()
    const { isReusable, ...processed } = await resultOf(child, task)
    if (isReusable && !closed) idle.push(child)
    else child.kill('SIGKILL')
    timeout = setTimeout(endIdle, IDLE_MS).unref()
    return pictureFrom(processed)
  }
  return {
    processAll: (uploads, uploader) =>
      people(
        () => eachOf(uploads, async (upload) => (await inChild({ upload, does: 'develop' })) as Picture),
        uploader,
      ),
    check: (upload, node) => fleet(() => inChild({ upload, does: 'check' }), node),
    close: () => {
      closed = true
      endIdle()
    },
  }
}

async function eachOf(uploads: readonly Upload[], work: (upload: Upload) => Promise<Picture>): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const upload of uploads) pictures.push(await work(upload))
  return pictures
}

/** What a process needs of the environment, on any system. Nothing in it configures this program, and no secret is told. */
const PASSED_ENVIRONMENT = ['PATH', 'HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot']

/** The process where whatever a stranger sent is read for the first time. */
function start(): ChildProcess {
  const child = fork(new URL('./image-worker.ts', import.meta.url), [], {
    env: Object.fromEntries(
      PASSED_ENVIRONMENT.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  })
  try {
    setPriority(child.pid!, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Not allowed here: it runs like everybody else.
  }
  child.unref()
  child.channel!.unref()
  return child
}

function pictureFrom({ picture, refused, broken }: Omit<ProcessedImage, 'isReusable'>): Picture | CheckedPicture {
  if (picture) return picture
  if (refused) throw refusalFrom(refused)
  throw Object.assign(new Error(broken!.message), { code: broken!.code })
}

/** What a process says of a photo. One that ends over it, or never ends, was given no picture that can be read. */
function resultOf(child: ChildProcess, { upload, does }: ImageTask): Promise<ProcessedImage> {
  const { name, type, path, size } = upload
  return new Promise((resolve) => {
    child.channel!.ref()
    const unreadable = () => done({ refused: plainRefusal(unreadablePicture(name)), isReusable: false })
    const timeout = setTimeout(unreadable, PROCESSING_TIMEOUT_MS)
    const done = (processed: ProcessedImage) => {
      clearTimeout(timeout)
      child.off('message', done).off('error', unreadable).off('exit', unreadable)
      if (child.connected) child.channel!.unref()
      resolve(processed)
    }
    child.on('message', done).on('error', unreadable).on('exit', unreadable)
    child.send({ upload: { name, type, path, size }, does }, (error) => (error ? unreadable() : undefined))
  })
}
