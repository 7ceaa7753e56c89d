import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keptSetupCode } from '../../../server/data-folder.ts'
import { CLI } from '../../support/program.ts'
import { historyFile } from '../joining-shop.ts'
import { report } from '../report.ts'
import { firstAnswer } from './start.ts'

const PORT = 18_434
const URL = `http://127.0.0.1:${PORT}`
const GOAL_MS = 60_000
/** Of which the goal speaks. */
export const REPAIRS = 100_000

const OWNER = { full_name: 'Olga Owner', phone: '+1 555 0100', password: 'correct horse', pin: '4711' }
const OFFICE = { name: 'Bench', currency: 'USD', time_zone: 'UTC', tax_mode: 'none' }

/** P15: a shop with a history joins a head office, from the command to the terminal that lies ready: all of it is checked. */
export async function p15(repairs: number): Promise<void> {
  const history = await historyFile(repairs)
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-joining-'))
  const [office, shop] = [join(folder, 'office'), mkdtempSync(join(folder, 'shop-'))]
  copyFileSync(history, join(shop, 'fixpoint.db'))
  const serve = ['serve', '--head-office', '--port', String(PORT), '--data', office]
  const server = spawn(process.execPath, [...CLI, ...serve], { stdio: 'ignore' })
  try {
    await firstAnswer(server, PORT)
    const code = await newCode(office)
    const began = performance.now()
    const enrol = ['enroll', URL, code, '--yes', '--data', shop]
    const joining = spawn(process.execPath, [...CLI, ...enrol], { stdio: ['ignore', 'ignore', 'inherit'] })
    const [exit] = (await once(joining, 'exit')) as [number]
    const ms = performance.now() - began
    if (exit !== 0) throw new Error('The shop did not join')
    // What the check finds ends the command with a sentence: there is none.
    report({
      name: 'P15',
      what: `a shop with ${repairs.toLocaleString('en')} repairs of history joins`,
      goal: `≤ ${GOAL_MS / 1_000} s for ${REPAIRS.toLocaleString('en')}, no broken reference`,
      result: `${(ms / 1_000).toFixed(1)} s, each reference and row checked`,
      reached: ms <= GOAL_MS,
    })
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
    rmSync(folder, { recursive: true })
  }
}

/** Sets head office up, and has it give out a code. */
async function newCode(data: string): Promise<string> {
  await post('/counter/setup', { code: keptSetupCode(data), owner: OWNER, shop: OFFICE, demo: false })
  type SignedIn = { tokens: { access_token: string } }
  const login = { phone: OWNER.phone, password: OWNER.password }
  const { tokens } = await post<SignedIn>('/v1/auth/login', login)
  const store = { code: 'S2', name: 'Harbour' }
  const place = { terminal: 'T1', name: 'Counter', store }
  return (await post<{ code: string }>('/counter/fleet/codes', place, tokens.access_token)).code
}

async function post<Reply>(path: string, body: object, token?: string): Promise<Reply> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const reply = await fetch(URL + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!reply.ok) throw new Error(await reply.text())
  return (await reply.json()) as Reply
}
