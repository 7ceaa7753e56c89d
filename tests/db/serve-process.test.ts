import { existsSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { openCommandLine, serveProcess } from '../cli/command-line.ts'
import { ENGINE } from '../support/database.ts'

const register = async (url: string, n: number) => {
  const body = JSON.stringify({ full_name: `Person ${n}`, phone: `555-${1_000 + n}`, password: 'correct horse' })
  const reply = await fetch(`${url}/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return reply.status
}

/** Who registers at the same moment: each costs as long as a password is worth, half a second and more. */
const PEOPLE = 3

describe.skipIf(ENGINE === 'postgres')('a served file', () => {
  test('serve answers /health, closes cleanly on SIGTERM and leaves no log behind', async () => {
    await using cli = await openCommandLine()
    const server = await serveProcess(cli.folder)
    const health = await fetch(`${server.url}/health`)
    expect(await health.json()).toMatchObject({ status: 'healthy', database: 'sqlite' })
    expect((await cli.run(['status'])).out).toContain('Server       running')
    // A terminal signals the program and npm, which passes it on: the second one is not another wish. Two kinds at once,
    // since the system merges those of a kind; one that came later could meet a process that has closed everything.
    server.child.kill('SIGINT')
    expect(await server.stop('SIGTERM')).toBe(0)
    expect(existsSync(join(cli.folder, 'fixpoint.db-wal'))).toBe(false)
    expect(existsSync(join(cli.folder, 'fixpoint.db-clean'))).toBe(true)
  })

  test('a second server on the file is refused in a sentence', async () => {
    await using cli = await openCommandLine()
    const server = await serveProcess(cli.folder)
    await expect(serveProcess(cli.folder)).rejects.toThrow(
      /Another Fixpoint serves .* already\. Use that one, or stop it first\.$/,
    )
    await server.stop('SIGTERM')
  })

  test('what was acknowledged is there after kill -9, and the next server starts at once', async () => {
    await using cli = await openCommandLine()
    const server = await serveProcess(cli.folder)
    const answers = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => register(server.url, n)))
    const acknowledged = answers.filter((status) => status === 201).length
    expect(acknowledged).toBe(PEOPLE)
    await server.stop('SIGKILL')

    const next = await serveProcess(cli.folder)
    expect((await fetch(`${next.url}/health`)).status).toBe(200)
    await next.stop('SIGTERM')
    await cli.look(async ({ db, scan }) => {
      expect(await db.selectFrom('user').select('id').execute()).toHaveLength(PEOPLE)
      expect((await checkContent({ scan })).findings).toEqual([])
    })
  })

  test('a damaged file is refused in a sentence with exit code 1', async () => {
    await using cli = await openCommandLine()
    const file = join(cli.folder, 'fixpoint.db')
    truncateSync(file, readFileSync(file).length - 4_096)
    await expect(serveProcess(cli.folder)).rejects.toThrow(/^[^\n]*was cut short[^\n]*backup[^\n]*$/)
  })

  test('a file that is opened again is written with synchronous FULL', async () => {
    await using cli = await openCommandLine()
    const { openSqlite } = await import('../../db/engines/sqlite.ts')
    const engine = openSqlite(join(cli.folder, 'fixpoint.db'))
    const { CompiledQuery } = await import('kysely')
    const level = await engine.transaction((query) => query.executeQuery(CompiledQuery.raw('pragma synchronous')))
    expect(level.rows).toEqual([{ synchronous: 2 }])
    await engine.close()
    const plain = new Database(join(cli.folder, 'fixpoint.db'))
    expect(plain.pragma('journal_mode', { simple: true })).toBe('wal')
    plain.close()
  })
})
