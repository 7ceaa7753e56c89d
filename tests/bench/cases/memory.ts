import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleIsNew } from '../../../server/built.mjs'
import { CLI } from '../../support/program.ts'
import { type Child, start } from '../child.ts'
import { bytesOf, load } from '../load.ts'
import { report } from '../report.ts'
import { firstAnswer } from './start.ts'

/** Requests of the whole load, and of each part of it after which memory is looked at. */
const REQUESTS = 60_000
const PART = 5_000
const PORT = 5_199
const ADMIN = { phone: '+44 7700 900199', password: 'correct horse' }

/** What is loaded with requests: `memory` is its resident memory now, in bytes. */
type Loaded = Pick<Child, 'port' | 'memory'>

/**
 * P11: memory of the program, as `npm start` runs it, after a long mixed load on the large file, beside bare Express after the
 * same number of reads.
 */
export async function memory(file: string, orders: number): Promise<void> {
  if (!bundleIsNew()) console.log('P11: the program runs from its sources, which take more memory (npm run build)')
  const program = await startProgram(file)
  const [begun] = await memoryAfter(program, [bytesOf(PORT, { path: '/health' })], 1)
  const parts = await memoryAfter(program, mixed(program.token, orders), REQUESTS)
  await program.stop()
  const express = await start('floor-express', file)
  const reads = Array.from({ length: 500 }, (_, n) => bytesOf(express.port, { path: `/v1/orders/${1 + n}` }))
  const floor = (await memoryAfter(express, reads, REQUESTS)).at(-1)!
  await express.stop()
  const [last, most] = [parts.at(-1)!, Math.max(...parts)]
  const half = parts[Math.floor(parts.length / 2)]!
  report({
    name: 'P11',
    what: `memory after ${REQUESTS.toLocaleString('en')} mixed requests`,
    goal: '≤ 180 MB',
    result: `${mb(last)} MB, at most ${mb(most)} (${mb(begun!)} at first, ${mb(half)} half-way; bare Express ${mb(floor)})`,
    reached: last <= 180e6,
  })
}

/** The program in a process of its own on `file`, with an admin signed in. */
async function startProgram(file: string): Promise<Loaded & { token: string; stop(): Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), 'fixpoint-memory-'))
  symlinkSync(file, join(data, 'fixpoint.db'))
  const person = ['--full-name', 'Bench', '--phone', ADMIN.phone, '--role', 'admin', '--password-stdin']
  execFileSync(process.execPath, [...CLI, 'user', 'add', ...person, '--data', data], { input: `${ADMIN.password}\n` })
  const server = spawn(process.execPath, [...CLI, 'serve', '--port', String(PORT), '--data', data], { stdio: 'ignore' })
  await firstAnswer(server, PORT)
  const signedIn = await fetch(`http://127.0.0.1:${PORT}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(ADMIN),
  })
  if (!signedIn.ok) throw new Error(`Signing in: ${signedIn.status} ${await signedIn.text()}`)
  const { tokens } = (await signedIn.json()) as { tokens: { access_token: string } }
  return {
    port: PORT,
    token: tokens.access_token,
    memory: () => Promise.resolve(1_024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)]))),
    stop: async () => {
      server.kill('SIGTERM')
      await once(server, 'exit')
      rmSync(data, { recursive: true })
    },
  }
}

const mb = (bytes: number) => Math.round(bytes / 1e6)

/** What a busy day asks, most of it reads. */
function mixed(token: string, orders: number): Buffer[] {
  const get = (path: string) => bytesOf(PORT, { path, token })
  const body = { device_id: 1, customer_id: 1, cost: '250.00', note: 'Screen replacement needed' }
  return Array.from({ length: 200 }, (_, n) => {
    const id = 1 + ((n * 7_919) % orders)
    return [
      get(`/v1/orders/${id}`),
      get(`/counter/tickets/${id}`),
      get('/counter/today'),
      get('/counter/repairs?limit=50'),
      get(`/counter/search?q=${encodeURIComponent(['anna', 'müller', '1234', 'cracked screen'][n % 4]!)}`),
      bytesOf(PORT, { method: 'POST', path: '/v1/orders', token, body }),
      get(`/v1/orders?status=Pending&limit=20`),
      get('/counter/board'),
    ]
  }).flat()
}

/** Bytes of memory after each part of the load. */
async function memoryAfter(child: Loaded, asks: readonly Buffer[], count: number): Promise<number[]> {
  const taken: number[] = []
  for (let done = 0; done < count; done += PART) {
    const { failures } = await load(child.port, asks, { connections: 4, count: Math.min(PART, count - done) })
    if (failures > 0) throw new Error(`${failures} requests were refused`)
    taken.push(await child.memory())
  }
  return taken
}
