import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join as path } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { checkContent } from '../../../db/check/check-content.ts'
import { isMended, sentenceOf } from '../../../db/check/findings.ts'
import type { Database } from '../../../db/database.ts'
import { DatabaseRefused } from '../../../db/errors.ts'
import { findDamage } from '../../../db/file/quick-check.ts'
import { sizeOf } from '../../../db/file/guard.ts'
import { lookInto } from '../../../db/file/look-into.ts'
import { planReplacement, stagingFolderOf } from '../../../db/file/replace.ts'
import { beginTerminal } from '../../../db/fleet/begin-terminal.ts'
import type { Db } from '../../../db/handle.ts'
import { openDatabase } from '../../../db/open.ts'
import { ownStore } from '../../../db/self.ts'
import { freeName } from '../../shop/free-name.ts'
import { LineError } from '../agent/errors.ts'
import { openLine } from '../agent/line.ts'
import { pullOnce } from '../agent/pull.ts'
import { ReplyBroken, type Send } from '../agent/send.ts'
import type { NodeKeys } from '../node-keys.ts'
import { openSync } from '../take.ts'
import type { Enrolled } from '../wire.ts'

/**
 * Makes this machine a terminal of head office: its database is made beside the one that is there, hears all that its store knows,
 * is checked, and takes the place of the empty one as a whole or not at all. Killed before that, it is begun anew, with the same code.
 */

/** How far it is; `heard` counts transactions, of a shop that is brought along rows. */
export type Joining = { step: 'hearing' | 'bringing' | 'checking'; heard: number }

export type Preparation = {
  /** The database file of the data folder, whether it is there or not. */
  file: string
  enrolled: Enrolled
  /** Where head office is reached. */
  address: URL
  send: Send
  now: () => number
  signal: AbortSignal
  progress: (so: Joining) => void
  /** Of a machine that comes with a shop: brings it, once head office was heard. */
  history?: { begin(staged: string): void; bring(database: Database): Promise<void> }
}

const TABLES = [
  'user', 'device', 'repair_order', 'product', 'sales_order', 'pickup_request', 'receipt',
] as const // oxfmt-ignore

/**
 * By the screen a machine joins with nothing of its own: what a shop has written has ids that head office knows as its own.
 * @throws DatabaseRefused for a shop that was set up, a terminal, and a head office
 */
export async function refuseHistory(db: Db): Promise<void> {
  if (await hasHistory(db)) throw new DatabaseRefused(HAS_HISTORY)
}

/**
 * Whether there is a shop that has worked alone.
 * @throws DatabaseRefused for a terminal, and a head office
 */
export async function hasHistory(db: Db): Promise<boolean> {
  const { role, set_up_at } = await ownStore(db).select(['self.role', 'store.set_up_at']).executeTakeFirstOrThrow()
  if (role !== 'alone') throw new DatabaseRefused(BELONGS[role])
  const found = [set_up_at]
  for (const table of TABLES)
    found.push((await db.selectFrom(table).select('id').limit(1).executeTakeFirst())?.id ?? null)
  return found.some((one) => one !== null)
}

const BELONGS = {
  terminal: 'This machine belongs to a head office already.',
  'head-office': 'This is a head office: it cannot join another one.',
}
const HAS_HISTORY =
  'There is a shop with its own data in this folder. It joins head office with what it has by a command: stop the server, then fixpoint enroll. Nothing was changed.'

/** Makes room beside the file for what is to come. While it is there no command opens the file. Only with the lock on the file. */
export async function openStage(file: string): Promise<void> {
  const stage = stagingFolderOf(file)
  await rm(stage, { recursive: true, force: true })
  await mkdir(stage, { mode: 0o700 })
}

/**
 * Makes and checks the database of the terminal in `stagingFolderOf(file)`, behind `openStage`.
 * @throws DatabaseRefused where what came is not whole, LineError where head office is out of reach for too long
 */
export async function prepareTerminal({ file, ...wanted }: Preparation): Promise<void> {
  const staged = path(stagingFolderOf(file), basename(file))
  const errors: Error[] = []
  const { now } = wanted
  const database = await openDatabase({
    at: { file: staged },
    now,
    inThread: wanted.history !== undefined,
    onError: (error) => void errors.push(error),
  })
  try {
    await fill(database, staged, wanted)
  } finally {
    await database.close()
  }
  if (errors[0]) throw errors[0]
  const damage = findDamage(staged) ?? brokenReference(staged)
  if (damage !== null) throw new DatabaseRefused(`What came from head office could not be written whole (${damage}).`)
  // The file alone is put in place. Only a full disk leaves a log, and SQLite does not say so when it closes.
  if (sizeOf(`${staged}-wal`) > 0)
    throw Object.assign(new Error('The log could not be put into the file'), { code: 'ENOSPC' })
}

async function fill(
  database: Database,
  staged: string,
  { enrolled, address, send, signal, progress, history }: Omit<Preparation, 'file'>,
) {
  const { node, store, parent_keys, incarnation } = enrolled
  const parent = { incarnation, address: address.href.replace(/\/$/, ''), sign_key: parent_keys.sign }
  await beginTerminal(database, { node, store, parent })
  history?.begin(staged)
  await hearAll(database, { send, signal, progress })
  await history?.bring(database)
  progress({ step: 'checking', heard: 0 })
  const { findings } = await checkContent(database, () => signal.throwIfAborted())
  const wrong = findings.filter((finding) => !isMended(finding))
  if (wrong.length > 0)
    throw new DatabaseRefused(`What came from head office does not fit together. ${wrong.map(sentenceOf).join(' ')}`)
}

/** Failures in a row before somebody is told, and how long is waited after each, in ms. */
const MOST_FAILURES = 8
const WAIT_MS = 2_000

async function hearAll(
  database: Database,
  { send, signal, progress }: Pick<Preparation, 'send' | 'signal' | 'progress'>,
) {
  const sync = await openSync(database)
  let heard = 0
  progress({ step: 'hearing', heard })
  for (let more = true, failures = 0; more;) {
    signal.throwIfAborted()
    try {
      const pulled = await pullOnce(sync, send)
      heard += pulled.heard
      ;[more, failures] = [pulled.more, 0]
    } catch (error) {
      if (!mayPass(error) || ++failures >= MOST_FAILURES) throw error
      await pause(waitOf(error), undefined, { signal })
    }
    progress({ step: 'hearing', heard })
  }
}

const PASSING: readonly LineError['fault'][] = ['no-line', 'away', 'busy', 'broken']
const mayPass = (error: unknown) =>
  error instanceof ReplyBroken || (error instanceof LineError && PASSING.includes(error.fault))
const waitOf = (error: unknown) => (error instanceof LineError ? error.retryAfter : null) ?? WAIT_MS

function brokenReference(file: string): string | null {
  const [broken] = lookInto(file, (database) => database.pragma('foreign_key_check')) as { table: string }[]
  return broken ? `a row of ${broken.table} refers to nothing` : null
}

/** Says that the database which lies ready is the one from now on: whoever opens the file puts it in place first. */
export function planPlace(file: string, now: number): void {
  if (!existsSync(path(stagingFolderOf(file), basename(file))))
    throw new DatabaseRefused('What was prepared is not there any more: begin again with the same code.')
  // What was there is empty, and is kept all the same.
  planReplacement(file, { kept: freeName(dirname(file), { prefix: 'before-joining', at: now }), also: [] })
}

/** The way to head office for a machine that is no terminal yet. */
export function lineTo(
  address: URL,
  { enrolled, keys, now }: { enrolled: Enrolled; keys: NodeKeys; now: () => number },
) {
  const node = Number(enrolled.node['id'])
  return openLine({
    address: async () => address.href,
    identity: async () => ({ node, epoch: 1 }),
    keys,
    now,
    monotonic: () => performance.now(),
  })
}
