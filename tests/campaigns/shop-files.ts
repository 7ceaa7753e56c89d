import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open.ts'
import type { EngineName } from '../../db/handle.ts'
import { openPasswords } from '../../server/http/auth/passwords.ts'
import { openTokens } from '../../server/http/auth/tokens.ts'
import { addFirstCatalogue } from '../../server/shop/stock/first-catalogue.ts'
import { serveProcess, type ServeProcess, spawnCli } from '../cli/command-line.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addPerson, type Person, type PersonKind } from '../support/person.ts'
import startPostgres from '../support/start-postgres.ts'

/** A data folder and a database that a campaign has to itself. */
export type ShopFiles = Pick<TestDatabase, 'folder' | 'at'>

/** The files of an empty shop on each of these engines, one after the other; they are gone afterwards. */
export async function forEachEngine(
  engines: readonly EngineName[],
  run: (files: ShopFiles, engine: EngineName) => Promise<void>,
) {
  for (const engine of engines) {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-campaign-'))
    const postgres = engine === 'postgres' ? await freshPostgres() : null
    try {
      await run({ folder, at: postgres ? { url: postgres.url } : { file: join(folder, 'fixpoint.db') } }, engine)
    } finally {
      await postgres?.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Empty databases on each of these engines, one engine after the other: as many as are asked for. */
export async function withFreshDatabases(
  engines: readonly EngineName[],
  run: (fresh: () => Promise<TestDatabase>, engine: EngineName) => Promise<void>,
) {
  for (const engine of engines) {
    const postgres = engine === 'postgres' ? await freshPostgres() : null
    try {
      await run(postgres ? await copiesOf(postgres) : freshDatabase, engine)
    } finally {
      await postgres?.stop()
    }
  }
}

type Postgres = Awaited<ReturnType<typeof freshPostgres>>

/** Copies of a database that is migrated once. */
async function copiesOf({ url, home }: Postgres): Promise<() => Promise<TestDatabase>> {
  const template = await openDatabase({ at: { url }, now: Date.now, onError: () => {} })
  await template.close()
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-campaign-'))
    const name = await makeDatabase(home, ` template ${nameOf(url)}`)
    const remove = async () => {
      rmSync(folder, { recursive: true, force: true })
      await runStatement(home, `drop database ${name} with (force)`)
    }
    return { folder, at: { url: `${home.slice(0, -nameOf(home).length)}${name}` }, remove }
  }
}

const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

async function freshPostgres() {
  let home = ''
  const stop = await startPostgres({ provide: (_key, url) => void (home = url) })
  const name = await makeDatabase(home)
  return { home, url: `${home.slice(0, -nameOf(home).length)}${name}`, stop }
}

async function makeDatabase(home: string, from = ''): Promise<string> {
  const name = `campaign_${randomBytes(6).toString('hex')}`
  await runStatement(home, `create database ${name}${from}`)
  return name
}

async function runStatement(home: string, statement: string) {
  const client = new pg.Client({ connectionString: home })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

export const SECRET = 'a secret of campaigns, of thirty-two characters or more'

export type Opened = { database: Database; person(kind: PersonKind, fields?: { email?: string }): Promise<Person> }

/** Opens the database of a shop with no server at it, to prepare it or to look into it. */
export async function inspectDatabase<T>({ at }: ShopFiles, run: (opened: Opened) => Promise<T>): Promise<T> {
  const config = { bcryptCost: 4 }
  const passwords = openPasswords(config.bcryptCost)
  const database = await openDatabase({ at, now: Date.now, onError: () => {}, fillNew: addFirstCatalogue })
  const context = { config, database, passwords, tokens: openTokens(SECRET, database.clock) }
  let people = 0
  try {
    return await run({
      database,
      person: (kind, fields) => addPerson(context, kind, { phone: `555-${10_000 + ++people}`, ...fields }),
    })
  } finally {
    await database.close()
    await passwords.close()
  }
}

const optionsOf = ({ folder, at }: ShopFiles) => ['--data', folder, ...('url' in at ? ['--database', at.url] : [])]

/** `serve` on these files, in a process of its own. */
export const serve = (files: ShopFiles, env: NodeJS.ProcessEnv = {}): Promise<ServeProcess> =>
  serveProcess(files.folder, { args: optionsOf(files).slice(2), env: { FIXPOINT_SECRET: SECRET, ...env } })

/** What `fixpoint verify` says of them: null when all is well. */
export async function verifyFailure(files: ShopFiles): Promise<string | null> {
  const child = spawnCli(['verify', ...optionsOf(files)])
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const code = await new Promise<number | null>((ended) => child.once('close', ended))
  return code === 0 ? null : said.trim()
}
