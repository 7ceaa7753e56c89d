import { utimesSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { recordCleanStop, wasStoppedCleanly } from '../../db/file/clean-stop.ts'
import { openBeside, openToServe } from '../../db/file/open-file.ts'
import { openDatabase } from '../../db/open.ts'
import { insert } from '../../db/rows.ts'
import { ENGINE, freshDatabase } from '../support/database.ts'

async function file(): Promise<string> {
  const { at, remove } = await freshDatabase()
  onTestFinished(remove)
  return 'file' in at ? at.file : ''
}

const options = (file: string) => ({ at: { file }, now: Date.now, onError: () => {} })
const by = { actor: null, device: null, act: 'test' }

test.skipIf(ENGINE === 'postgres')('a file that its server closed is known to be clean', async () => {
  const at = await file()
  expect(wasStoppedCleanly(at)).toBe(false)
  await (await openToServe(options(at))).close()
  expect(wasStoppedCleanly(at)).toBe(true)
})

test.skipIf(ENGINE === 'postgres')('a file that another program has written is not', async () => {
  const at = await file()
  await (await openToServe(options(at))).close()
  const other = await openDatabase(options(at))
  await other.write(by, (trx) => insert(trx, 'brand', { name: 'New', name_key: 'new' }))
  await other.close()
  expect(wasStoppedCleanly(at)).toBe(false)
})

test.skipIf(ENGINE === 'postgres')('a command of ours beside or after the server keeps it clean', async () => {
  const at = await file()
  await (await openToServe(options(at))).close()
  const command = await openBeside(options(at))
  await command.write(by, (trx) => insert(trx, 'brand', { name: 'New', name_key: 'new' }))
  await command.close()
  expect(wasStoppedCleanly(at)).toBe(true)
})

test.skipIf(ENGINE === 'postgres')('a file that was put back from elsewhere is not clean', async () => {
  const at = await file()
  await (await openToServe(options(at))).close()
  utimesSync(at, new Date(2020, 1), new Date(2020, 1))
  expect(wasStoppedCleanly(at)).toBe(false)
  recordCleanStop(at)
  expect(wasStoppedCleanly(at)).toBe(true)
})
