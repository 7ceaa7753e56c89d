import { hash } from 'node:crypto'
import { checkContent } from '../../../db/check/check-content.ts'
import { openDatabase } from '../../../db/open.ts'
import { TABLES } from '../../../db/check/walk-rows.ts'

/** Checks the content of a file and says what that took, and what reading and hashing the same bytes alone does. */

/** What a check took: CPU in seconds; memory before and at most, in bytes. */
export type Taken = {
  entries: number
  findings: number
  check: number
  packed: number
  floor: number
  before: number
  most: number
}

const database = await openDatabase({
  at: { file: process.argv[2]! },
  now: Date.now,
  onError: (error) => console.error(error),
})
await database.flushSearchIndex()

const cpuOf = async <T>(work: () => T | Promise<T>): Promise<[T, number]> => {
  const began = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(began)
  return [result, (user + system) / 1e6]
}

function readAndHash() {
  const scan = database.scan()
  const all = (text: string, parameters: unknown[]) => scan.rows(text, parameters) as unknown[][] // SQLite answers at once.
  for (const table of TABLES)
    for (let after: unknown = -1, read = 1_000; read === 1_000;) {
      const rows = all(`select * from "${table}" where id > ? order by id limit 1000`, [after])
      read = rows.length
      after = rows.at(-1)?.[0] ?? after
    }
  for (let after: unknown = 0, read = 1_000; read === 1_000;) {
    const rows = all('select * from journal where origin = 0 and epoch = 1 and seq > ? order by seq limit 1000', [
      after,
    ])
    for (const row of rows) {
      hash('sha256', row.slice(0, 13).join(), 'base64url')
      hash('sha256', row.slice(13).join(), 'base64url')
    }
    read = rows.length
    after = rows.at(-1)?.[2] ?? after
  }
  scan.close()
}

const [, floor] = await cpuOf(readAndHash)
const before = process.memoryUsage.rss()
let most = before
const [{ entries, findings }, check] = await cpuOf(() =>
  checkContent(database, () => (most = Math.max(most, process.memoryUsage.rss()))),
)
while (await database.packJournal(1_000, 0));
const [again, packed] = await cpuOf(() => checkContent(database))
await database.close()
console.log(
  JSON.stringify({
    entries,
    findings: findings.length + again.findings.length,
    check,
    packed,
    floor,
    before,
    most,
  } satisfies Taken),
)
