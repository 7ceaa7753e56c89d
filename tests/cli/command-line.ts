import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import SqliteFile from 'better-sqlite3'
import pg from 'pg'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open.ts'
import { runCli } from '../../server/cli/run.ts'
import { freshDatabase } from '../support/database.ts'
import { CLI } from '../support/program.ts'

export type CommandOutput = { code: number; out: string; err: string }

/** A data folder with a fresh database, and the command line on it: `await using cli = await openCommandLine()`. */
export async function openCommandLine() {
  const fresh = await freshDatabase()
  const place = ['--data', fresh.folder, ...('url' in fresh.at ? ['--database', fresh.at.url] : [])]
  return {
    folder: fresh.folder,
    at: fresh.at,
    /** Runs a command with `--data` and `--database` added. */
    run: (args: string[], input = '') => type([...args, ...place], input),
    /** Writes a file into the folder and returns its path. */
    file: (name: string, text: string) => {
      const path = join(fresh.folder, name)
      writeFileSync(path, text)
      return path
    },
    /** Looks into the database with nobody else at it. */
    look: async <T>(at: (database: Database) => Promise<T>): Promise<T> => {
      const database = await openDatabase({ at: fresh.at, now: Date.now, onError: () => {} })
      try {
        return await at(database)
      } finally {
        await database.close()
      }
    },
    /** Changes the database past the program, as whoever has the file could. */
    tamper: (statement: string) => tamper(fresh.at, statement),
    [Symbol.asyncDispose]: () => fresh.remove(),
  }
}

export type CommandLine = Awaited<ReturnType<typeof openCommandLine>>

export async function tamper(at: { file: string } | { url: string }, statement: string) {
  if ('file' in at) {
    const file = new SqliteFile(at.file)
    file.exec(statement)
    file.close()
    return
  }
  const client = new pg.Client({ connectionString: at.url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Types a command line and returns what was said. */
export async function type(args: string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<CommandOutput> {
  const said = { out: '', err: '' }
  const code = await runCli(args, {
    env: { FIXPOINT_TRIPWIRE: '1', ...env },
    out: (line) => void (said.out += `${line}\n`),
    err: (line) => void (said.err += `${line}\n`),
    input: (async function* () {
      yield input
    })(),
    screen: null,
    bcryptCost: 4,
  })
  return { code, ...said }
}

/** The command line in a process of its own. */
export const spawnCli = (args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, [...CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })

export type ServeProcess = {
  url: string
  child: ChildProcess
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** `serve` in a process of its own, ready. @throws what it said instead */
export async function serveProcess(
  folder: string,
  { args = [], env = {} }: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<ServeProcess> {
  const child = spawnCli(['serve', '--port', '0', '--data', folder, ...args], env)
  const ended = once(child, 'exit') as Promise<[number | null]>
  let complaint = ''
  child.stderr!.on('data', (text) => (complaint += String(text)))
  const lines = createInterface({ input: child.stdout! })
  const ready = new Promise<string>((resolve) =>
    lines.on('line', (line) => /ready at (\S+)/.test(line) && resolve(line.split(' ').at(-1)!)),
  )
  const url = await Promise.race([ready, ended.then(() => null)])
  if (url === null) throw new Error(complaint.trim())
  return {
    url,
    child,
    stop: async (signal) => {
      child.kill(signal)
      return (await ended)[0]
    },
  }
}
