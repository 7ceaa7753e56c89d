import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'

const START = join(import.meta.dirname, '..', '..', 'server', 'start.mjs')

/** What `npm start` runs, without a display. */
function start(...options: string[]) {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }
  const child = spawn(process.execPath, [START, '--no-window', ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  return { child, said: () => said, ended: once(child, 'close').then(([code]) => code as number | null) }
}

/** Waits for a line that `started` says. */
async function line(started: ReturnType<typeof start>, part: string) {
  while (!started.said().includes(part)) {
    const more = once(started.child.stdout!, 'data')
    if ((await Promise.race([more, started.ended.then(() => 'ended')])) === 'ended') throw new Error(started.said())
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode === null) child.kill(signal)
}

test('npm start says what it can be told, and starts nothing for it', async () => {
  const asked = start('--help')
  expect(await asked.ended).toBe(0)
  for (const option of ['--port', '--host', '--data', '--database', '--no-window'])
    expect(asked.said()).toContain(`\n  ${option} `)
  expect(asked.said()).not.toContain('is ready at')
})

test('npm start serves, finds itself running, refuses a second server, and stops cleanly', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-start-'))
  const port = await freePort()
  const here = ['--data', folder, '--port', String(port)]
  const first = start(...here)
  try {
    await line(first, 'Ctrl-C stops Fixpoint')
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    expect(await health.json()).toMatchObject({ status: 'healthy', database: 'sqlite' })
    expect(first.said()).toMatch(
      new RegExp(`http://127\\.0\\.0\\.1:${port}/setup#[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\n`),
    )

    const setUpAt = /\S+\/setup#\S+/.exec(first.said())![0]
    const again = start(...here)
    expect(await again.ended).toBe(0)
    expect(again.said()).toContain('It was running already on this data folder')
    expect(again.said()).toContain(setUpAt)
    expect(statSync(join(folder, 'setup-code')).mode & 0o077).toBe(0)
    await setUp(setUpAt)
    const later = start(...here)
    expect(await later.ended).toBe(0)
    expect(later.said()).not.toContain('/setup#')

    const elsewhere = start('--data', folder, '--port', String(await freePort()))
    expect(await elsewhere.ended).toBe(1)
    expect(elsewhere.said()).toMatch(/^Another Fixpoint serves .+ already\. .+\n$/)

    const other = start('--data', join(folder, 'other'), '--port', String(port))
    expect(await other.ended).toBe(1)
    expect(other.said()).toContain(`Port ${port} of 127.0.0.1 is taken by another program`)

    await stop(first.child, 'SIGTERM')
    expect(await first.ended).toBe(0)
    expect(readdirSync(folder)).not.toContain('fixpoint.db-wal')
    expect(readdirSync(folder)).not.toContain('setup-code')
  } finally {
    await stop(first.child, 'SIGKILL')
    await first.ended
    rmSync(folder, { recursive: true, force: true })
  }
})

test('an option that is not there or makes no sense is told in a sentence, with exit code 2', async () => {
  for (const wrong of [['--prot', '1'], ['--port', 'x'], ['extra'], ['--data=']]) {
    const started = start(...wrong)
    expect([wrong, await started.ended]).toEqual([wrong, 2])
    expect(started.said()).not.toMatch(/\n\s+at |node:internal/)
  }
})

async function setUp(address: string) {
  const { origin, hash } = new URL(address)
  const owner = { full_name: 'Olga Owner', phone: '555-0100', password: 'correct horse' }
  const shop = { name: 'Corner Repairs', currency: 'EUR', time_zone: 'UTC', tax_mode: 'none' }
  const reply = await fetch(`${origin}/counter/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: hash.slice(1), owner, shop }),
  })
  expect(reply.status).toBe(201)
}
