import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CLI } from '../../support/program.ts'
import type { Child } from '../child.ts'
import { bytesOf, load, median } from '../load.ts'
import { report } from '../report.ts'

/** Between two requests, in ms: what a busy till and a tablet send, not a flood. */
const EVERY = 10
const ROUNDS = 3
/** How long a run without a backup is, in ms. */
const ALONE = 6_000

/** P12: the longest pause of a server beside a backup against that of the same run without; R5: how long a restore takes. */
export async function backups(fixpoint: Child, file: string, { orders }: { orders: number }): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'fixpoint-backup-'))
  try {
    symlinkSync(file, join(data, 'fixpoint.db'))
    const pauses: { alone: number; beside: number }[] = []
    const seconds: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const alone = await worstUntil(fixpoint, pause(ALONE))
      const began = performance.now()
      const beside = await worstUntil(fixpoint, command(['backup', join(data, `to-${round}`), '--data', data]))
      seconds.push((performance.now() - began) / 1_000)
      pauses.push({ alone, beside })
    }
    const alone = median(pauses.map((pause) => pause.alone))
    const beside = median(pauses.map((pause) => pause.beside))
    report({
      name: 'P12',
      what: `longest pause beside a backup of ${orders.toLocaleString('en')} orders (${median(seconds).toFixed(1)} s)`,
      goal: '≤ 25 ms more than without',
      result: `${beside.toFixed(1)} ms, without ${alone.toFixed(1)} (${(beside / alone).toFixed(1)}×)`,
      reached: beside <= alone + 25,
    })
    await restoreOne(data, orders)
  } finally {
    rmSync(data, { recursive: true })
  }
}

async function restoreOne(data: string, orders: number) {
  const folder = join(data, 'to-0')
  const began = performance.now()
  const backup = join(folder, readdirSync(folder)[0]!)
  await command(['restore', backup, '--data', join(data, 'restored')])
  const took = (performance.now() - began) / 1_000
  report({
    name: 'R5',
    what: `restore of ${orders.toLocaleString('en')} orders, checked whole`,
    goal: '≤ 120 s',
    result: `${took.toFixed(1)} s`,
    reached: took <= 120,
  })
}

async function command(args: string[]): Promise<void> {
  const child = spawn(process.execPath, [...CLI, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number]
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
}

/** The longest that a read or a durable write took until `ended`, in ms. */
async function worstUntil({ port, ready: { token } }: Child, ended: Promise<void>): Promise<number> {
  let [isOver, worst] = [false, 0]
  const over = ended.finally(() => (isOver = true))
  const order = { device_id: 1, customer_id: 1, cost: '250.00' }
  const asks = [
    bytesOf(port, { path: '/v1/orders/1', token }),
    bytesOf(port, { method: 'POST', path: '/v1/orders', token, body: order }),
  ]
  while (!isOver) {
    const answered = await load(port, asks, { connections: 1, count: 2 })
    if (answered.failures > 0) throw new Error('A request failed beside a backup')
    worst = Math.max(worst, answered.worst)
    await pause(EVERY)
  }
  await over
  return worst
}
