import { type ChildProcess, spawn } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import { FLAGS } from '../support/program.ts'

/** A server in a process of its own, which tells what it used. */
export type Child = {
  port: number
  pid: number
  /** What the server said when it was ready. */
  ready: { port: number; token?: string; [key: string]: unknown }
  /** CPU time used so far, in µs, user and system. */
  cpu(): Promise<number>
  /** Resident memory now, in bytes. */
  memory(): Promise<number>
  /**
   * How long each request since the last call took in the server, in ms: from its headers until its reply was handed to
   * the system. Nothing is kept before the first call.
   */
  times(): Promise<number[]>
  stop(): Promise<void>
}

/** Starts `servers/<name>.ts` with arguments; it is ready when it has sent `{ port }`. */
export async function start(name: string, ...args: string[]): Promise<Child> {
  const script = join(import.meta.dirname, 'servers', `${name}.ts`)
  const child = spawn(process.execPath, [...FLAGS, script, ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ready = (await message(child)) as Child['ready']
  return {
    port: ready.port,
    pid: child.pid!,
    ready,
    cpu: async () => {
      child.send('cpu')
      return Number(await message(child))
    },
    memory: async () => {
      child.send('memory')
      return Number(await message(child))
    },
    times: async () => {
      child.send('times')
      return (await message(child)) as number[]
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.send('stop')
      }),
  }
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`The server ended with ${code}`))
    child.once('exit', died)
    child.once('message', (value) => {
      child.off('exit', died)
      resolve(value)
    })
  })
}

/** In the child: says that it is ready and answers what `Child` asks. */
export function serveParent(ready: { port: number; [key: string]: unknown }, close: () => Promise<void> | void): void {
  let times: number[] | null = null
  process.on('message', (asked) => {
    if (asked === 'times') {
      if (times === null) keepTimes((ms) => times!.push(ms))
      process.send!(times ?? [])
      times = []
    }
    if (asked === 'cpu') {
      const { user, system } = process.cpuUsage()
      process.send!(user + system)
    }
    if (asked === 'memory') process.send!(process.memoryUsage.rss())
    if (asked === 'stop') void Promise.resolve(close()).then(() => process.exit(0))
  })
  // The bench has died: nobody is left to say stop.
  process.on('disconnect', () => process.exit(1))
  process.send!(ready)
}

function keepTimes(keep: (ms: number) => void) {
  const began = new WeakMap<object, number>()
  subscribe('http.server.request.start', (message) => {
    began.set((message as { request: object }).request, performance.now())
  })
  subscribe('http.server.response.finish', (message) => {
    const start = began.get((message as { request: object }).request)
    if (start !== undefined) keep(performance.now() - start)
  })
}
