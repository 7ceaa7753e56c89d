import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { purgeDeletedData } from '../../db/file/scrub.ts'
import { freshDatabase } from '../support/database.ts'

test('what a page kept of its rows when it was split is cleared too', async () => {
  const fresh = await freshDatabase()
  if ('file' in fresh.at) {
    const { file } = fresh.at
    fillAndForget(file)
    expect(readFileSync(file, 'latin1')).toContain('Quux')
    expect(await purgeDeletedData(fresh.at)).toBe(true)
    expect(readFileSync(file, 'latin1')).not.toContain('Quux')
  } else expect(await purgeDeletedData(fresh.at)).toBe(false) // That is PostgreSQL's own affair.
  await fresh.remove()
})

/** Writes many rows in no order, which splits many pages, and overwrites what is in them. */
function fillAndForget(file: string) {
  const database = new Database(file)
  database.pragma('secure_delete = ON')
  database.exec('create table heap (k text, n int, text text, primary key (k, n)) strict, without rowid')
  const add = database.prepare('insert into heap values (?, ?, ?)')
  let drawn = 1
  const draw = (below: number) => (drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) >>> 0) % below
  database.transaction(() => {
    for (let n = 0; n < 20_000; n++)
      add.run(`k${draw(100_000)}`, n, (n % 3 === 0 ? 'Quux' : 'Else') + 'y'.repeat(draw(300)))
  })()
  database.exec(`update heap set text = 'gone' where text like 'Quux%'`)
  database.close()
}
