import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openCommandLine, type } from '../../cli/command-line.ts'
import { smallDisk } from '../../support/small-disk.ts'

const DISK = 12_000_000
const disk = smallDisk(DISK)
disk?.remove()

/** By how much more room each attempt has, in bytes. */
const STEP = 50_000

test.skipIf(!disk)(
  'a restore that finds the disk full, wherever that is, leaves the shop as it was and says so',
  async () => {
    await using cli = await openCommandLine()
    writeFileSync(join(cli.folder, 'secret'), 'x'.repeat(64))
    const to = mkdtempSync(join(tmpdir(), 'fixpoint-full-'))
    onTestFinished(() => rmSync(to, { recursive: true, force: true }))
    expect((await cli.run(['backup', to])).code).toBe(0)
    const file = join(cli.folder, 'fixpoint.db')
    const sources = [join(to, readdirSync(to)[0]!), join(to, 'copied.db')]
    copyFileSync(file, sources[1]!)
    for (const source of sources) {
      const { folder, remove } = smallDisk(DISK)!
      onTestFinished(remove)
      copyFileSync(file, join(folder, 'fixpoint.db'))
      writeFileSync(join(folder, 'secret'), 'y'.repeat(64))
      const before = readFileSync(join(folder, 'fixpoint.db'))
      let refused = 0
      for (let room = 0; ; room += STEP) {
        const { bavail, bsize } = statfsSync(folder)
        writeFileSync(join(folder, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - room)))
        const { code, err } = await type(['restore', source, '--data', folder])
        rmSync(join(folder, 'filler'))
        if (code === 0) break
        refused += 1
        expect([room, err]).toEqual([room, expect.stringMatching(/^The disk of \S+ is full: nothing was replaced\. /)])
        expect(readFileSync(join(folder, 'fixpoint.db')).equals(before)).toBe(true)
        expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('y'.repeat(64))
        expect(readdirSync(folder).filter((name) => /^(restoring|before-restore)/.test(name))).toEqual([])
      }
      expect(refused).toBeGreaterThan(10)
      expect((await type(['verify', '--data', folder])).code).toBe(0)
      expect((await type(['status', '--data', folder])).out).toContain('Journal')
      remove()
    }
  },
)
