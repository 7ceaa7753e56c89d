import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lockFile } from '../../db/file/guard.ts'
import { refuseInUse } from '../../db/file/in-use.ts'
import { openBeside } from '../../db/file/open-file.ts'
import { stagingFolderOf } from '../../db/file/replace.ts'
import { insert } from '../../db/rows.ts'
import { ENGINE } from '../support/database.ts'
import { smallDisk } from '../support/small-disk.ts'
import { openCommandLine } from './command-line.ts'

const trial = smallDisk(1_048_576)
trial?.remove()
const hasDisks = trial !== null

const open = (file: string) => openBeside({ at: { file }, now: Date.now, onError: () => {} })
type Open = Awaited<ReturnType<typeof open>>

const save = ({ write }: Open, name: string) =>
  write({ actor: null, device: 'command line', act: 'import' }, (trx) => insert(trx, 'brand', { name, name_key: name }))

const brands = async ({ db }: Open) =>
  (await db.selectFrom('brand').select('name').orderBy('id').execute()).map(({ name }) => name)

/** A shop with one brand, and a backup of it. */
async function backedUp() {
  const cli = await openCommandLine()
  onTestFinished(() => cli[Symbol.asyncDispose]())
  const file = join(cli.folder, 'fixpoint.db')
  const database = await open(file)
  await save(database, 'in the backup')
  await database.close()
  expect((await cli.run(['backup'])).code).toBe(0)
  const [name] = readdirSync(join(cli.folder, 'backups'))
  return { cli, file, backup: join(cli.folder, 'backups', name!) }
}

describe.skipIf(ENGINE === 'postgres')('a restore', () => {
  test('is refused while a command is at work, which loses none of its rows', async () => {
    const { cli, file, backup } = await backedUp()
    const command = await open(file)
    await save(command, 'before')
    const log = readFileSync(`${file}-wal`)
    expect(await cli.run(['restore', backup])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Another program has \S+fixpoint\.db open: .* Nothing was replaced\. Wait until/),
    })
    expect(readFileSync(`${file}-wal`)).toEqual(log)
    await save(command, 'after')
    await command.close()
    expect(readdirSync(cli.folder).filter((name) => /^(before-)?restor/.test(name))).toEqual([])
    const look = await open(file)
    expect(await brands(look)).toEqual(['in the backup', 'before', 'after'])
    await look.close()
    expect((await cli.run(['restore', backup])).code).toBe(0)
  })

  test.skipIf(!hasDisks)('notices a command too where a file has one name only', async () => {
    const { file } = await backedUp()
    const disk = smallDisk(1_048_576)!
    onTestFinished(disk.remove)
    symlinkSync(disk.folder, stagingFolderOf(file)) // No second name across two disks.
    onTestFinished(() => rmSync(stagingFolderOf(file)))
    await expect(refuseInUse(file)).resolves.toBeUndefined()
    rmSync(stagingFolderOf(file))
    const command = await open(file)
    symlinkSync(disk.folder, stagingFolderOf(file))
    await save(command, 'before')
    await expect(refuseInUse(file)).rejects.toThrow(/Another program has/)
    await command.close()
  })

  test('that is at work turns a command away', async () => {
    const { file } = await backedUp()
    const hold = lockFile(file)
    mkdirSync(stagingFolderOf(file))
    await expect(open(file)).rejects.toThrow(
      'A backup is being restored here, or this machine joins head office. Wait until that is done.',
    )
    hold.release()
    await (await open(file)).close()
  })
})
