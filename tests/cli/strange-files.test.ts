import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ENGINE } from '../support/database.ts'
import { CLI } from '../support/program.ts'
import { openCommandLine, serveProcess } from './command-line.ts'

const FILES = ['fixpoint.db', 'fixpoint.db-wal', 'fixpoint.db-head', 'fixpoint.lock', 'secret', 'server.log']

describe.skipIf(ENGINE === 'postgres')('the data folder', () => {
  test.each(FILES)('a folder in the place of %s is named', async (name) => {
    await using cli = await openCommandLine()
    rmSync(join(cli.folder, name), { force: true })
    mkdirSync(join(cli.folder, name))
    const { code, err } = await cli.run(['status'])
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/ is a folder, where Fixpoint keeps a file\. Move it away[^\n]*\n$/),
    ])
    expect(err).toContain(join(cli.folder, name))
  })

  test.each(['photos', 'incoming'])('a file in the place of the folder %s is named', async (name) => {
    await using cli = await openCommandLine()
    writeFileSync(join(cli.folder, name), '')
    expect((await cli.run(['status'])).err).toContain(
      `${join(cli.folder, name)} is a file, where Fixpoint keeps a folder.`,
    )
  })

  test.each([
    ['fixpoint.lock', /fixpoint\.lock is not the lock that Fixpoint keeps there\. Move it away/],
    ['secret', /secret holds no signing secret\. Move it away/],
  ])('nonsense in %s is named in one sentence', async (name, sentence) => {
    await using cli = await openCommandLine()
    writeFileSync(join(cli.folder, name), 'nonsense '.repeat(100))
    await expect(serveProcess(cli.folder)).rejects.toThrow(sentence)
    await expect(serveProcess(cli.folder)).rejects.toThrow(/^[^\n]*$/)
  })

  test.skipIf(process.platform === 'win32')('is its owner’s alone again at each start', async () => {
    await using cli = await openCommandLine()
    const server = await serveProcess(cli.folder)
    await server.stop('SIGTERM')
    const there = ['', 'fixpoint.db', 'fixpoint.lock', 'fixpoint.db-head', 'fixpoint.db-clean', 'secret']
    for (const name of there) chmodSync(join(cli.folder, name), name === '' ? 0o777 : 0o666)
    expect((await cli.run(['status'])).code).toBe(0)
    for (const name of there) expect(statSync(join(cli.folder, name)).mode & 0o077, name).toBe(0)
  })

  test.each([['status'], ['verify'], ['--help']])('%s says nothing to a pipe that is closed', async (command) => {
    await using cli = await openCommandLine()
    const args = command === '--help' ? [command] : [command, '--data', cli.folder]
    const child = spawn(process.execPath, [...CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let complaint = ''
    child.stderr.on('data', (text) => (complaint += String(text)))
    expect(await once(child, 'close')).toEqual([0, null])
    expect(complaint).toBe('')
  })
})
