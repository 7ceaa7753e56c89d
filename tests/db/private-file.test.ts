import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openBeside, openToServe } from '../../db/file/open-file.ts'
import { ENGINE } from '../support/database.ts'

test.skipIf(ENGINE === 'postgres' || process.platform === 'win32').each([openToServe, openBeside])(
  '%o makes files that only their owner reads',
  async (open) => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-private-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const database = await open({ at: { file: join(folder, 'fixpoint.db') }, now: Date.now, onError: () => {} })
    const written = readdirSync(folder).filter((name) => name.startsWith('fixpoint.db'))
    expect(written).toContain('fixpoint.db-wal')
    for (const name of written) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0)
    await database.close()
  },
)
