import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import bcrypt from 'bcryptjs'
import { keptSetupCode } from '../../../server/data-folder.ts'
import { CLI } from '../../support/program.ts'
import { median } from '../load.ts'
import { report } from '../report.ts'
import { firstAnswer } from './start.ts'

const PORT = 18_433
const ROUNDS = 3
/** Passwords and PINs of the owner and of the three people of the demonstration. */
const HASHES = 8
const COST = 12

/** P10: a new shop is set up with the demonstration, beside its passwords' hashes alone, one after the other. */
export async function setUpWithDemo(): Promise<void> {
  const times: number[] = []
  const floor: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await setUp())
    const began = performance.now()
    for (let n = 0; n < HASHES; n++) bcrypt.hashSync(`correct horse ${n}`, COST)
    floor.push(performance.now() - began)
  }
  const [ms, bare] = [median(times), median(floor)]
  report({
    name: 'P10',
    what: 'a shop set up with the demonstration',
    goal: '≤ 5 s',
    result: `${(ms / 1_000).toFixed(1)} s (worst ${(Math.max(...times) / 1_000).toFixed(1)}), its ${HASHES} hashes alone ${(bare / 1_000).toFixed(1)} s`,
    reached: ms <= 5_000,
  })
}

async function setUp(): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'fixpoint-set-up-'))
  const words = [...CLI, 'serve', '--port', String(PORT), '--data', data]
  const server = spawn(process.execPath, words, { stdio: 'ignore' })
  try {
    await firstAnswer(server, PORT)
    const began = performance.now()
    const reply = await fetch(`http://127.0.0.1:${PORT}/counter/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: keptSetupCode(data), ...SHOP }),
    })
    if (reply.status !== 201) throw new Error(await reply.text())
    return performance.now() - began
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
    rmSync(data, { recursive: true })
  }
}

const SHOP = {
  owner: { full_name: 'Olga Owner', phone: '+1 555 0100', password: 'correct horse', pin: '4711' },
  shop: { name: 'Bench', currency: 'USD', time_zone: 'UTC', tax_mode: 'none' },
  demo: true,
}
