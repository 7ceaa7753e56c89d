import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { randomFrom } from '../../campaigns/random.ts'
import { openCommandLine, serveProcess, spawnCli, type } from '../../cli/command-line.ts'

const ROUNDS = 8
const [OF_BACKUP, SINCE] = ['b'.repeat(64), 's'.repeat(64)]

/** A shop with one person and a secret in its backup, and since then a second person and another secret. */
async function backedUp() {
  const cli = await openCommandLine()
  onTestFinished(() => cli[Symbol.asyncDispose]())
  const add = (name: string, phone: string) =>
    cli.run(
      ['user', 'add', '--full-name', name, '--phone', phone, '--role', 'customer', '--password-stdin'],
      'correct horse battery',
    )
  writeFileSync(join(cli.folder, 'secret'), OF_BACKUP)
  expect((await add('Ann', '555-0101')).code).toBe(0)
  const to = mkdtempSync(join(tmpdir(), 'fixpoint-killed-'))
  onTestFinished(() => rmSync(to, { recursive: true, force: true }))
  expect((await cli.run(['backup', to])).code).toBe(0)
  writeFileSync(join(cli.folder, 'secret'), SINCE)
  expect((await add('Bob', '555-0102')).code).toBe(0)
  const copies = mkdtempSync(join(tmpdir(), 'fixpoint-killed-'))
  onTestFinished(() => rmSync(copies, { recursive: true, force: true }))
  let count = 0
  return {
    backup: join(to, readdirSync(to)[0]!),
    copy: () => {
      const folder = join(copies, String(++count))
      cpSync(cli.folder, folder, { recursive: true })
      return folder
    },
  }
}

function stateOf(folder: string) {
  const database = new Database(join(folder, 'fixpoint.db'), { readonly: true })
  try {
    const people = database.prepare('select full_name from user order by id').pluck().all().join()
    const { epoch } = database.prepare('select epoch from self').get() as { epoch: number }
    const secret = readFileSync(join(folder, 'secret'), 'utf8') === OF_BACKUP ? 'of the backup' : 'since'
    return `${people}; ${epoch > 1 ? 'new epoch' : 'first epoch'}; secret ${secret}`
  } finally {
    database.close()
  }
}

const OLD = 'Ann,Bob; first epoch; secret since'
const NEW = 'Ann; new epoch; secret of the backup'

/** Starts a restore and waits until it begins to unpack. */
async function beginRestore(backup: string, folder: string) {
  const child = spawnCli(['restore', backup, '--data', folder])
  const ended = once(child, 'exit')
  while (!existsSync(join(folder, 'restoring')) && child.exitCode === null) await pause(1)
  return { child, ended, since: performance.now() }
}

test(
  'a restore that is killed at any moment leaves the old shop or the new one, and whatever comes next finishes it',
  { timeout: 240_000 },
  async () => {
    const { backup, copy } = await backedUp()
    const whole = await beginRestore(backup, copy())
    expect(await whole.ended).toEqual([0, null])
    const duration = performance.now() - whole.since
    const random = randomFrom(1)
    const found: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const folder = copy()
      const { child, ended } = await beginRestore(backup, folder)
      await pause((duration * (round + random.chance())) / ROUNDS)
      child.kill('SIGKILL')
      await ended
      if (round % 2 === 0) expect((await type(['status', '--data', folder])).code).toBe(0)
      else expect(await (await serveProcess(folder)).stop('SIGTERM')).toBe(0)
      const state = stateOf(folder)
      expect([OLD, NEW]).toContain(state)
      found.push(state)
      expect(existsSync(join(folder, 'restoring'))).toBe(false)
      expect((await type(['verify', '--data', folder])).code).toBe(0)
      expect((await type(['restore', backup, '--data', folder])).code).toBe(0)
      expect(stateOf(folder)).toBe(NEW)
    }
    expect(found).toContain(OLD)
  },
)
