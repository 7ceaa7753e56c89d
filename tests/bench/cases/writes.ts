import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Child } from '../child.ts'
import { compare, type Outcome, shown } from '../compare.ts'
import { bytesOf, load } from '../load.ts'
import { report } from '../report.ts'

const order = { device_id: 1, customer_id: 1, cost: '250.00', note: 'Screen replacement needed' }

/** P4: an order created, durable. */
export async function p4(fixpoint: Child, express: Child): Promise<void> {
  const asks = (child: Child) => [
    bytesOf(child.port, { method: 'POST', path: '/v1/orders', token: child.ready.token, body: order }),
  ]
  const [ours, floor] = (await compare(
    [
      { name: 'fixpoint', child: fixpoint, asks: asks(fixpoint) },
      { name: 'express', child: express, asks: asks(express) },
    ],
    { count: 1_000, rounds: 5 },
  )) as [Outcome, Outcome]
  const ratio = ours.perSecond / floor.perSecond
  report({
    name: 'P4',
    what: 'POST order, durable, of Express + statement',
    goal: '≥ 0.75',
    result: `${ratio.toFixed(2)} (${shown(ours)}, ${shown(floor)})`,
    reached: ratio >= 0.75,
  })
}

/** P4: the fsyncs of 200 created orders, counted by strace: the log's, and those of the checkpoints between them. */
export async function p4Fsyncs(fixpoint: Child): Promise<void> {
  const what = 'fsyncs of the log per created order'
  if (spawnSync('strace', ['-V']).status !== 0)
    return report({ name: 'P4', what, goal: '1', result: 'not measured: strace is not installed', reached: false })
  const count = 200
  const traces = join(mkdtempSync(join(tmpdir(), 'fixpoint-strace-')), 'trace')
  const ask = bytesOf(fixpoint.port, { method: 'POST', path: '/v1/orders', token: fixpoint.ready.token, body: order })
  const tracer = spawn(
    'strace',
    ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', traces, '-p', String(fixpoint.pid)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await once(tracer.stderr, 'data')
  await load(fixpoint.port, [ask], { connections: 1, count })
  tracer.kill('SIGINT')
  await once(tracer, 'exit')
  const calls = readFileSync(traces, 'utf8')
    .split('\n')
    .filter((line) => /f(data)?sync\(/.test(line))
  const log = calls.filter((line) => line.includes('-wal>')).length
  const result = `${(log / count).toFixed(2)} (${count} orders: ${log} of the log, ${calls.length - log} of checkpoints)`
  report({ name: 'P4', what, goal: '1', result, reached: Math.abs(log / count - 1) <= 0.02 })
}
