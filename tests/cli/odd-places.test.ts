import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { reasonOf } from '../../server/reason.ts'
import { ENGINE } from '../support/database.ts'
import { smallDisk } from '../support/small-disk.ts'
import { openCommandLine, serveProcess, type } from './command-line.ts'

const onSqlite = test.skipIf(ENGINE === 'postgres')

/** A data folder on a disk that was made read-only; null where none can be made. */
function readOnlyDisk(from: string): string | null {
  const disk = smallDisk(20_000_000)
  if (!disk) return null
  onTestFinished(disk.remove)
  const data = join(disk.folder, 'data')
  cpSync(from, data, { recursive: true })
  expect(spawnSync('mount', ['-o', 'remount,ro', disk.folder]).status).toBe(0)
  return data
}

onSqlite('a read-only disk is a sentence for each command', async ({ skip }) => {
  await using cli = await openCommandLine()
  const data = readOnlyDisk(cli.folder) ?? skip('no disk can be made here')
  const person = ['user', 'add', '--full-name', 'Ann', '--phone', '555-0101', '--role', 'customer', '--password-stdin']
  for (const command of [['status'], ['verify'], ['demo'], ['backup', join(cli.folder, 'to')], person])
    expect(await type([...command, '--data', data], 'correct horse battery'), command[0]).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^\S+fixpoint\.(db|lock) cannot be opened \(.*\)\. Fixpoint must be able to write into [^\n]*\n$/),
    }) // oxfmt-ignore
  await expect(serveProcess(data)).rejects.toThrow(/^[^\n]*fixpoint\.\w+ cannot be opened[^\n]*$/)
  for (const command of [['backup'], ['restore', join(cli.folder, 'fixpoint.db')]])
    expect((await type([...command, '--data', data])).err, command[0]).toMatch(
      /^(The disk of \S+ cannot be written: it is read-only|\S+\.lock cannot be opened \(.*\)\. Fixpoint must be able to write into its folder)\.\n$/,
    )
})

const anywhere = test.skipIf(ENGINE === 'postgres' || process.platform !== 'linux')

anywhere.each([
  [['status', '--data', '/proc/self/x/y'], 1, /^There is no Fixpoint database in/],
  [['demo', '--data', '/proc/self/x/y'], 1, /^The data folder cannot be made\. There is no \/proc\/self\/x, and/],
  [['demo', '--data', '/dev/null/x'], 1, /^\/dev\/null is no folder, where one is needed\.$/],
  [['demo', '--data', `/tmp/${'a'.repeat(300)}`], 1, /^The data folder cannot be made\. \/tmp\/a+… is too long for a name\.$/],
] as const)('%j ends in a sentence', async (typed, code, sentence) => {
  const said = await type([...typed])
  expect(said.code).toBe(code)
  expect(said.err.trimEnd()).toMatch(sentence)
}) // oxfmt-ignore

anywhere.each([
  [['restore', '/nonexistent'], 1, /^There is no \/nonexistent\. Name a backup/],
  [['restore', '/tmp'], 1, /^\/tmp is no file\. Name a backup/],
  [['restore', '/dev/full'], 1, /^\/dev\/full is no file\. Name a backup/],
  [['backup', '/dev/full'], 1, /^\/dev\/full is no folder, where one is needed\.$/],
  [['backup', '/proc/self/x'], 1, /^There is no \/proc\/self\/x, and/],
  [['import', 'ords', '/tmp'], 1, /^\/tmp is a folder\. Name the CSV file in it\.$/],
  [['erase', '--customer', '-1'], 2, /^--customer needs a value\. One that begins with a dash .* --customer=-…$/],
] as const)('%j on a shop ends in a sentence', async (typed, code, sentence) => {
  await using cli = await openCommandLine()
  const { err, ...rest } = await cli.run([...typed])
  expect(rest.code).toBe(code)
  expect(err.trimEnd()).toMatch(sentence)
  expect(err.trimEnd()).not.toContain('\n')
})

test.skipIf(ENGINE !== 'postgres')('a database that PostgreSQL does not have is named', async () => {
  await using cli = await openCommandLine()
  const url = new URL((cli.at as { url: string }).url)
  url.pathname = '/nowhere_to_be_found'
  expect(await type(['status', '--data', cli.folder, '--database', url.href])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^PostgreSQL has no such database \(.*nowhere_to_be_found.*\)\. Make it first/),
  })
})

test('a PostgreSQL that is not there, or lets nobody in, is told apart, and no password is repeated', async () => {
  const status = async (url: string) => (await type(['status', '--database', url])).err
  expect(await status('postgres://u:geheim@127.0.0.1:1/x')).toMatch(/^The PostgreSQL server does not answer \(.*127\.0\.0\.1:1\)\. Is/) // oxfmt-ignore
  const unreadable = await status('postgres://u:geheim@local[host:1/x')
  expect(unreadable).toMatch(/^The address of the database cannot be read\. It is written postgres:\/\//)
  expect(unreadable).not.toContain('geheim')
  const failed = (message: string, more: object) => reasonOf(Object.assign(new Error(message), more))
  expect(failed('password authentication failed for user "u"', { code: '28P01' })).toMatch(/^PostgreSQL lets nobody in/)
  expect(failed('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', {})).toMatch(/lets nobody in/)
  expect(failed('getaddrinfo ENOTFOUND nohost', { code: 'ENOTFOUND', syscall: 'getaddrinfo' })).toMatch(/not answer/)
  expect(failed('permission denied for schema public', { code: '42501' })).toMatch(/^PostgreSQL refuses it: permission/)
})

test('what is a mistake in the program has no sentence', () => {
  expect(reasonOf(new TypeError('x is not a function'))).toBeUndefined()
  expect(reasonOf(Object.assign(new Error('no such column: x'), { code: 'SQLITE_ERROR' }))).toBeUndefined()
})

onSqlite('a backup says how many entries it holds of all epochs, and why no secret is in it', async () => {
  await using cli = await openCommandLine()
  const first = (await cli.run(['backup'])).out
  expect(first).toContain(`for none lies in ${cli.folder}: the server makes one when it first starts there.`)
  expect(first).toContain('last ticket none.')
  const entries = async (out: string) => {
    const { length } = await cli.look(({ db }) => db.selectFrom('journal').select('seq').execute())
    expect(out).toContain(` ${length} entries of the journal; `)
    return length
  }
  const before = await entries(first)
  expect((await cli.run(['restore', join(cli.folder, 'fixpoint.db')])).code).toBe(0)
  writeFileSync(join(cli.folder, 'secret'), 's'.repeat(64))
  const second = (await cli.run(['backup'])).out
  expect(await entries(second)).toBeGreaterThan(before)
  expect(second).toContain('last ticket none since it was restored.')
  expect(second).not.toContain('secret')
  mkdirSync(join(cli.folder, 'to'))
  const apart = await type(['backup', join(cli.folder, 'to'), '--data', cli.folder], '', { FIXPOINT_SECRET: 'y'.repeat(64) }) // oxfmt-ignore
  expect(apart.out).toContain('for FIXPOINT_SECRET holds it: write that down')
})
