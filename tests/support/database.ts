import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import type { EngineName } from '../../db/handle.ts'

/** Which engine this run of the suite tests. */
export const ENGINE: EngineName = process.env['FIXPOINT_TEST_ENGINE'] === 'postgres' ? 'postgres' : 'sqlite'

/** A folder and a migrated database of one test's own; `remove` takes both away. */
export type TestDatabase = { folder: string; at: { file: string } | { url: string }; remove(): Promise<void> }

/** A fresh database, copied from one that was migrated once for this process. */
export async function freshDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-test-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  if (ENGINE === 'sqlite') {
    const file = join(folder, 'fixpoint.db')
    copyFileSync(await sqliteTemplate(), file)
    return { folder, at: { file }, remove: async () => removeFolder() }
  }
  const name = await nextDatabase()
  return {
    folder,
    at: { url: urlOf(name) },
    remove: async () => {
      removeFolder()
      // The next test does not wait for it. One that fails is an unhandled rejection, which fails the run.
      void asAdmin(`drop database if exists ${name} with (force)`)
    },
  }
}

let ahead: Promise<string> | undefined

/** A database of PostgreSQL, and another one is made ahead while a test works with this one. */
function nextDatabase(): Promise<string> {
  const taken = ahead ?? copyTemplate()
  ahead = taken.then(copyTemplate)
  // Whoever takes it hears of it, and the next one is made anew.
  ahead.catch(() => (ahead = undefined))
  return taken
}

async function copyTemplate(): Promise<string> {
  const template = await postgresTemplate()
  const name = `fixpoint_${randomBytes(6).toString('hex')}`
  // Copying the files is four times as fast as writing each page to the log.
  await asAdmin(`create database ${name} template ${template} strategy file_copy`)
  return name
}

let template: Promise<string> | undefined
const migrated = (at: { file: string } | { url: string }) =>
  openDatabase({ at, now: Date.now, onError: () => {}, tripwire: true }).then((database) => database.close())

function sqliteTemplate(): Promise<string> {
  template ??= (async () => {
    const folder = join(tmpdir(), `fixpoint-template-${process.pid}`)
    if (!existsSync(folder)) mkdirSync(folder)
    const file = join(folder, 'fixpoint.db')
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    await migrated({ file })
    return file
  })()
  return template
}

function postgresTemplate(): Promise<string> {
  template ??= (async () => {
    const name = `fixpoint_template_${process.pid}_${randomBytes(3).toString('hex')}`
    await asAdmin(`create database ${name}`)
    await migrated({ url: urlOf(name) })
    return name
  })()
  return template
}

function urlOf(database: string): string {
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${database}`
  return url.href
}

let admin: pg.Pool | undefined

async function asAdmin(statement: string) {
  admin ??= new pg.Pool({ connectionString: inject('postgresUrl'), max: 2, allowExitOnIdle: true }).on('error', () => {
    admin = undefined // The server ended: so does the run.
  })
  await admin.query(statement)
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** The test server; empty when this run tests SQLite. */
    postgresUrl: string
  }
}
