import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  statfsSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
  existsSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, describe } from 'vitest'
import { readContents } from '../../../db/file/contents.ts'
import { MIGRATIONS } from '../../../db/migrations/migrate.ts'
import { createArchive, listEntries, readEntry } from '../../../server/shop/backup/archive.ts'
import { type Manifest, openBackup, writtenManifest } from '../../../server/shop/backup/manifest.ts'
import { openCommandLine, type } from '../../cli/command-line.ts'
import { randomFrom } from '../../campaigns/random.ts'
import { ENGINE } from '../../support/database.ts'
import { smallDisk } from '../../support/small-disk.ts'

const disk = smallDisk(1_000_000)
disk?.remove()

/** A small shop's backup and an empty folder to restore into. */
async function backedUp() {
  const cli = await openCommandLine()
  onTestFinished(() => cli[Symbol.asyncDispose]())
  writeFileSync(join(cli.folder, 'secret'), 'x'.repeat(64))
  const person = ['user', 'add', '--full-name', 'Ann', '--phone', '555-0101', '--role', 'customer', '--password-stdin']
  expect((await cli.run(person, 'correct horse battery')).code).toBe(0)
  expect((await cli.run(['backup'])).code).toBe(0)
  const backups = join(cli.folder, 'backups')
  const file = join(backups, readdirSync(backups)[0]!)
  return { cli, file, into: join(cli.folder, 'restored') }
}

/** The same backup with another manifest, sealed like one of ours. */
async function forged(file: string, change: (manifest: Manifest) => void): Promise<string> {
  return await sealed(file, (manifest) => {
    change(manifest)
    return writtenManifest(manifest).text
  })
}

/** The same backup with any text in the place of its manifest, sealed. */
async function sealed(file: string, textFor: (manifest: Manifest) => string): Promise<string> {
  const { manifest, entries } = await openBackup(file)
  const path = `${file}.forged.tar`
  const archive = await createArchive(path, { at: 0, signal: new AbortController().signal })
  for (const { name } of manifest.parts) {
    const chunks: Buffer[] = []
    for await (const chunk of readEntry(file, entries.get(name)!)) chunks.push(chunk)
    const part = `${file}.part`
    writeFileSync(part, Buffer.concat(chunks))
    await archive.add(name, { file: part })
  }
  const text = textFor(manifest)
  const seal = createHash('sha256').update(text).digest('hex')
  await archive.add('manifest.json', { text })
  await archive.add('manifest.sha256', { text: `${seal}  manifest.json\n` })
  await archive.finish()
  await archive.close()
  return path
}

describe.skipIf(ENGINE === 'postgres')('a backup', () => {
  test('is a plain archive, whose parts and seal other tools read', async () => {
    const { file, cli } = await backedUp()
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-untar-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { status } = spawnSync('tar', ['-xf', file, '-C', folder])
    expect(status).toBe(0)
    expect(readdirSync(folder).toSorted()).toEqual(['fixpoint.db', 'manifest.json', 'manifest.sha256', 'secret'])
    expect(readFileSync(join(folder, 'secret'))).toEqual(readFileSync(join(cli.folder, 'secret')))
    expect(readContents(join(folder, 'fixpoint.db'))).toEqual((await openBackup(file)).manifest.database)
    expect(spawnSync('sha256sum', ['-c', 'manifest.sha256'], { cwd: folder }).status).toBe(0)
  })

  test('with any byte flipped is refused, or restored as if it were not', async () => {
    const { file, into } = await backedUp()
    const { size } = statSync(file)
    const entries = await listEntries(file)
    const random = randomFrom(1)
    const places = entries.flatMap(({ start, bytes }) => [start - 512, start - 300, start, start + bytes - 1])
    for (let n = 0; n < 20; n++) places.push(random.between(0, size - 1))
    const refusals: string[] = []
    for (const place of places) {
      const bad = `${file}.bad`
      copyFileSync(file, bad)
      const descriptor = openSync(bad, 'r+')
      writeSync(descriptor, Buffer.from([readFileSync(file)[place]! ^ 0x40]), 0, 1, place)
      closeSync(descriptor)
      const { code, err } = await type(['restore', bad, '--data', into])
      const isContent = entries.some(({ start, bytes }) => place >= start - 512 && place < start + bytes)
      if (isContent) expect([place, code]).toEqual([place, 1])
      if (code === 0) rmSync(into, { recursive: true })
      else {
        refusals.push(err)
        expect(existsSync(join(into, 'fixpoint.db'))).toBe(false)
        expect(existsSync(join(into, 'restoring'))).toBe(false)
      }
    }
    for (const err of refusals) expect(err).toMatch(/^\S.*(damaged|cut short|no backup).*\n$/)
    expect(refusals.length).toBeGreaterThan(20)
  })

  test('that was cut short is refused', async () => {
    const { file, into } = await backedUp()
    const { size } = statSync(file)
    for (const left of [size - 1_024, size - 1_100, size - 3_000, size / 2, 512, 10, 0]) {
      const bad = `${file}.bad`
      copyFileSync(file, bad)
      truncateSync(bad, Math.floor(left))
      expect(await type(['restore', bad, '--data', into]), String(left)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/cut short|damaged/),
      })
    }
  })

  test('of a newer program is refused', async () => {
    const { file, into } = await backedUp()
    const newer = await forged(file, ({ database }) => void (database.schema = MIGRATIONS.length + 1))
    expect(await type(['restore', newer, '--data', into])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/made by a newer Fixpoint .* Update this program first/),
    })
  })

  test.each([
    ['no JSON', 'Dear diary', /is damaged, or is no backup: its manifest cannot be read\.\n$/],
    ['nothing', '', /its manifest cannot be read\.\n$/],
    ['brackets without end', '['.repeat(300_000), /its manifest cannot be read\.\n$/],
    ['lists in lists', '['.repeat(300_000) + ']'.repeat(300_000), /(cannot be read|another program\. Update the program)\.\n$/],
    ['a list', '[1]', /made by a newer Fixpoint, or by another program/],
  ])('whose sealed manifest is %s is refused in a sentence', async (_, text, sentence) => {
    const { file, into } = await backedUp()
    const { code, err } = await type(['restore', await sealed(file, () => text), '--data', into])
    expect([code, err]).toEqual([1, expect.stringMatching(sentence)])
    expect(err.length).toBeLessThan(400)
  }) // oxfmt-ignore

  test('whose manifest speaks of another head of the journal is refused', async () => {
    const { file, into } = await backedUp()
    for (const change of [
      (manifest: Manifest) => void (manifest.database.journal.seq -= 1),
      (manifest: Manifest) => void (manifest.database.journal.chain = 'else'),
      (manifest: Manifest) => void (manifest.database.node.epoch += 1),
    ])
      expect(await type(['restore', await takenAway(await forged(file, change)), '--data', into])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/speaks of another database/),
      })
  })

  test('whose journal was tampered with is refused, although its hashes fit', async () => {
    const { cli, file, into } = await backedUp()
    await cli.tamper(`update journal set act = 'else' where seq = 3`)
    expect(await cli.run(['backup'])).toMatchObject({ code: 1, err: expect.stringContaining('entry 0/1/3') })
    expect(readdirSync(join(cli.folder, 'backups'))).toHaveLength(1)
    expect((await type(['restore', file, '--data', into])).code).toBe(0)
  })

  test('names the photos whose files are missing or damaged, and holds all others', async () => {
    const { cli, into } = await backedUp()
    const hashes = ['whole', 'gone', 'damaged'].map((text) => createHash('sha256').update(text).digest('hex'))
    const [whole, gone, damaged] = hashes as [string, string, string]
    const row = (hash: string, n: number) =>
      `insert into photo (id, store_id, sha256, width, height, bytes, created_at, updated_at) values (${n + 1}, 1, '${hash}', 1, 1, 1, 1, 1);`
    await cli.tamper(hashes.map(row).join(''))
    for (const [hash, text] of [
      [whole, 'whole'],
      [damaged, 'else'],
    ] as const) {
      mkdirSync(join(cli.folder, 'photos', hash.slice(0, 2)), { recursive: true })
      writeFileSync(join(cli.folder, 'photos', hash.slice(0, 2), `${hash}.jpg`), text)
    }
    const { out } = await cli.run(['backup', join(cli.folder, 'other')])
    expect(out).toContain('missing or damaged: 2 photos.')
    for (const hash of [gone, damaged]) expect(out).toContain(hash)
    const file = join(cli.folder, 'other', readdirSync(join(cli.folder, 'other'))[0]!)
    mkdirSync(join(into, 'photos', damaged.slice(0, 2)), { recursive: true })
    writeFileSync(join(into, 'photos', damaged.slice(0, 2), `${damaged}.jpg`), 'damaged')
    const restored = await type(['restore', file, '--data', into])
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining(gone) })
    expect(readFileSync(join(into, 'photos', damaged.slice(0, 2), `${damaged}.jpg`), 'utf8')).toBe('damaged')
    expect(readFileSync(join(into, 'photos', whole.slice(0, 2), `${whole}.jpg`), 'utf8')).toBe('whole')
  })

  test('of an earlier day leaves the photos that it does not know with what was there before', async () => {
    const { cli, file } = await backedUp()
    const since = createHash('sha256').update('since').digest('hex')
    const names = [`photos/${since.slice(0, 2)}/${since}.jpg`, `photos/${since.slice(0, 2)}/${since}.thumbnail.jpg`]
    mkdirSync(join(cli.folder, names[0]!, '..'), { recursive: true })
    for (const name of names) writeFileSync(join(cli.folder, name), 'since')
    expect((await cli.run(['restore', file])).code).toBe(0)
    const kept = readdirSync(cli.folder).find((name) => name.startsWith('before-restore-'))!
    for (const name of names)
      expect([existsSync(join(cli.folder, name)), existsSync(join(cli.folder, kept, name))]).toEqual([false, true])
  })

  test('holds no secret that is not in use, and says that it has none', async () => {
    const { cli } = await backedUp()
    const to = join(cli.folder, 'other')
    const { code, out } = await type(['backup', to, '--data', cli.folder], '', { FIXPOINT_SECRET: 'y'.repeat(64) })
    expect([code, out]).toEqual([0, expect.stringContaining('No signing secret is in it')])
    expect((await listEntries(join(to, readdirSync(to)[0]!))).map(({ name }) => name)).not.toContain('secret')
  })

  test('whose folder holds a lock that is none is refused by that name', async () => {
    const { cli } = await backedUp()
    const to = join(cli.folder, 'other')
    mkdirSync(join(to, '.unfinished'), { recursive: true })
    writeFileSync(join(to, '.unfinished', 'backup.lock'), 'no lock at all '.repeat(100))
    const { code, err } = await cli.run(['backup', to])
    expect([code, err]).toEqual([1, expect.stringMatching(/backup\.lock is not the lock that Fixpoint keeps there/)])
  })

  test.skipIf(!disk)('finds the disk full: a sentence, and nothing half is left', async () => {
    const { cli } = await backedUp()
    const { folder, remove } = smallDisk(2_000_000)!
    onTestFinished(remove)
    const { size } = statSync(join(cli.folder, 'fixpoint.db'))
    // From no room for the copy to none for the last bytes of the archive.
    for (const room of [20_000, size / 2, size + 60_000, size * 2 - 8_000]) {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(join(folder, 'filler'), Buffer.alloc(Math.max(0, Math.floor(bavail * bsize - room))))
      const { code, err } = await cli.run(['backup', join(folder, 'to')])
      expect([room, code, err]).toEqual([room, 1, expect.stringMatching(/^The disk is full/)])
      expect(readdirSync(join(folder, 'to'))).toEqual([])
      rmSync(join(folder, 'filler'))
    }
  })
})

/** A forged file in a folder of its own: notes beside other backups say nothing about it. */
async function takenAway(path: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-forged-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const moved = join(folder, 'forged.tar')
  copyFileSync(path, moved)
  rmSync(path)
  return moved
}
