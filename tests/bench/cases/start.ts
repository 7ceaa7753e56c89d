import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { median } from '../load.ts'
import { report } from '../report.ts'

const CLI = join(import.meta.dirname, '../../../server/cli.ts')
const PORT = 18_431

/** P10, server part: from the command to the first answered request, on the large file. */
export async function p10(file: string): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'fixpoint-start-'))
  symlinkSync(file, join(data, 'fixpoint.db'))
  const times: number[] = []
  for (let round = 0; round < 6; round++) {
    const began = performance.now()
    const server = spawn(process.execPath, [CLI, 'serve', '--port', String(PORT), '--data', data], { stdio: 'ignore' })
    await firstAnswer(server)
    if (round > 0) times.push(performance.now() - began)
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  rmSync(data, { recursive: true })
  const ms = median(times)
  report({ name: 'P10', what: 'start to first answered request', goal: '≤ 700 ms', result: `${Math.round(ms)} ms (worst ${Math.round(Math.max(...times))})`, reached: ms <= 700 })
}

async function firstAnswer(server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const reply = await fetch(`http://127.0.0.1:${PORT}/health`).catch(() => null) // Not listening yet.
    if (reply?.ok) return
    await pause(5)
  }
  throw new Error(`The server ended with ${server.exitCode} before it answered`)
}
