import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { plainRefusal, refusalFrom } from '../../http/errors.ts'
import type { Upload } from '../../http/uploads.ts'
import { unreadablePicture } from './photo-refusals.ts'
import type { Picture } from './image.ts'
import type { Developed } from './image-worker.ts'
import { openTurns } from './fair-queue.ts'

/**
 * Where photos are developed: in processes of their own, at low priority, for two requests of the web and one of the desk
 * at once. What a decoder takes of memory it keeps in pieces, and what is wrong with it ends it: neither is the till's affair.
 */
export type Darkroom = {
  /** One after the other, for `who`ever brings them. @throws 400 for what is no picture, 429 or 503 while too many wait */
  develop(uploads: readonly Upload[], who?: Bringer): Promise<Picture[]>
  close(): void
}

/** People behind the counter have a line of their own: whatever the web sends, the desk goes on. */
export type Bringer = { id: number; atDesk: boolean }

/** Requests that are worked on, and that wait. */
const ROOM = { places: 2, waiting: 16 }
const DESK = { places: 1, waiting: 16 }
/** In ms: longer than `develop` gives itself. */
const PATIENCE = 60_000
/** How long nothing comes in until the processes end, in ms. */
const IDLE = 10_000

/** Electron's packaged program cannot start itself as Node: there photos are developed in the server. */
export const openDarkroom = (): Darkroom => (process.versions['electron'] ? inTheServer() : inProcesses())

function lines() {
  const [desk, others] = [openTurns(DESK), openTurns(ROOM)]
  return <T>(work: () => Promise<T>, who?: Bringer) => (who?.atDesk ? desk : others)(work, who?.id)
}

function inTheServer(): Darkroom {
  const inTurn = lines()
  const developHere = async (upload: Upload) => (await import('./image.ts')).develop(upload)
  return { develop: (uploads, who) => inTurn(() => eachOf(uploads, developHere), who), close: () => {} }
}

function inProcesses(): Darkroom {
  const inTurn = lines()
  const idle: ChildProcess[] = []
  let closed = false
  const begin = () => {
    const child = start()
    child.on('error', () => {}) // Heard by who waits for it, if anybody does.
    child.once('exit', () => idle.splice(0, Infinity, ...idle.filter((other) => other !== child)))
    return child
  }
  const dismiss = () => idle.splice(0).forEach((child) => child.kill('SIGKILL'))
  let late = setTimeout(dismiss, 0)
  const developIn = async (upload: Upload) => {
    clearTimeout(late)
    const child = idle.pop() ?? begin()
    const { goesOn, ...developed } = await answerOf(child, upload)
    if (goesOn && !closed) idle.push(child)
    else child.kill('SIGKILL')
    late = setTimeout(dismiss, IDLE).unref()
    return pictureFrom(developed)
  }
  return {
    develop: (uploads, who) => inTurn(() => eachOf(uploads, developIn), who),
    close: () => {
      closed = true
      dismiss()
    },
  }
}

async function eachOf(uploads: readonly Upload[], work: (upload: Upload) => Promise<Picture>): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const upload of uploads) pictures.push(await work(upload))
  return pictures
}

/** What a process needs of the environment, on any system. Nothing in it configures this program, and no secret is told. */
const HANDED_DOWN = ['PATH', 'HOME', 'USERPROFILE', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot']

/** The process where whatever a stranger sent is read for the first time. */
function start(): ChildProcess {
  const child = fork(new URL('./image-worker.ts', import.meta.url), [], {
    env: Object.fromEntries(HANDED_DOWN.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
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

function pictureFrom({ picture, refused, broken }: Omit<Developed, 'goesOn'>): Picture {
  if (picture) return picture
  if (refused) throw refusalFrom(refused)
  throw Object.assign(new Error(broken!.message), { code: broken!.code })
}

/** What a process says of a photo. One that ends over it, or never ends, was given no picture that can be read. */
function answerOf(child: ChildProcess, { name, type, path, size }: Upload): Promise<Developed> {
  return new Promise((resolve) => {
    child.channel!.ref()
    const unreadable = () => done({ refused: plainRefusal(unreadablePicture(name)), goesOn: false })
    const late = setTimeout(unreadable, PATIENCE)
    const done = (developed: Developed) => {
      clearTimeout(late)
      child.off('message', done).off('error', unreadable).off('exit', unreadable)
      if (child.connected) child.channel!.unref()
      resolve(developed)
    }
    child.on('message', done).on('error', unreadable).on('exit', unreadable)
    child.send({ name, type, path, size }, (error) => (error ? unreadable() : undefined))
  })
}
