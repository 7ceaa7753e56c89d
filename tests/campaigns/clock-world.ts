import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Person } from '../support/person.ts'
import { FLAGS } from '../support/program.ts'
import type { ClockServerOptions } from './clock-server.ts'
import type { ShopFiles } from './shop-files.ts'

/** A shop whose time goes by as the campaign says, and a server there whose clock is as right as the campaign wants. */
export type World = {
  /** The time that it really is, in ms. */
  time(): number
  /** Time goes by. */
  pass(ms: number): void
  /** Starts the server with a clock that is `off` by so many ms. */
  start(off: number): Promise<void>
  /** Sets the clock of the running server. */
  jump(off: number): Promise<void>
  stop(): Promise<void>
  call(method: string, path: string, options?: Sent): Promise<Answer>
}

type Sent = { token?: string; body?: unknown; key?: string; cookie?: string }
type Answer = { status: number; body: any; text: string; retryAfter: number }

/** `blind` plants the fault that nothing judges the clock. */
export function worldAt({ folder, at }: ShopFiles, { secret, blind }: { secret: string; blind: boolean }): World {
  let passed = 0
  let running: { child: ChildProcess; url: string; off: number } | null = null
  let left = Date.now()
  const time = () => Date.now() + passed
  const ask = async (child: ChildProcess, message: { off: number } | 'stop') => {
    const answered = once(child, message === 'stop' ? 'exit' : 'message')
    child.send(message)
    return await answered
  }
  const stop = async () => {
    if (!running) return
    left = time() + running.off
    const { child } = running
    running = null
    await ask(child, 'stop')
  }
  return {
    time,
    pass: (ms) => void (passed += ms),
    stop,
    start: async (off) => {
      const url = 'url' in at ? at.url : null
      const options: ClockServerOptions = { data: folder, url, off: passed + off, blind: blind ? left : null }
      const child = fork(join(import.meta.dirname, 'clock-server.ts'), [JSON.stringify(options)], {
        execArgv: FLAGS,
        env: { ...process.env, FIXPOINT_SECRET: secret },
      })
      const [ready] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [{ url: string } | number]
      if (typeof ready === 'number') throw new Error(`The server ended with ${ready}`)
      running = { child, url: ready.url, off }
    },
    jump: async (off) => {
      await ask(running!.child, { off: passed + off })
      running!.off = off
    },
    call: async (method, path, { token, body, key, cookie } = {}) => {
      const reply = await fetch(running!.url + path, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token && { authorization: `Bearer ${token}` }),
          ...(key && { 'idempotency-key': key }),
          ...(cookie && { cookie }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await reply.text()
      const isJson = reply.headers.get('content-type')?.startsWith('application/json')
      const retryAfter = Number(reply.headers.get('retry-after') ?? 0)
      return { status: reply.status, text, body: isJson ? JSON.parse(text) : undefined, retryAfter }
    },
  }
}

export const login = (world: World, { phone }: Pick<Person, 'phone'>, password: string) =>
  world.call('POST', '/v1/auth/login', { body: { phone, password } })
