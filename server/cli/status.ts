import { statSync } from 'node:fs'
import type { ClockState } from '../domain/time/clock-judgement.ts'
import { formatInstant } from '../domain/time/instant.ts'
import { type CheckRecord, readCheckRecord } from '../../db/check/check-record.ts'
import { sentenceOf } from '../../db/check/findings.ts'
import { isServed } from '../../db/file/guard.ts'
import { ownRole } from '../../db/self.ts'
import type { Db } from '../../db/handle.ts'
import { journalLength } from '../../db/journal/begin-epoch.ts'
import { readPosition } from '../sync/agent/position.ts'
import { type Command, configOf, withDatabase } from './command.ts'
import { grouped } from './progress.ts'

export const status: Command = {
  name: 'status',
  summary: 'Show the version, the database and what is in it, the last write, and whether a server runs.',
  usage: '',
  run: async (asked) => {
    const config = configOf(asked)
    const { terminal } = asked
    const file = 'file' in config.database ? config.database.file : null
    const served = file !== null && isServed(file)
    await withDatabase(config, { terminal, mustExist: true }, async ({ clock, db, engine }) => {
      const say = (what: string, value: string) => terminal.out(`${what.padEnd(12)} ${value}`)
      say('Version', config.version)
      say('Database', file ? `${file}, ${sizeOf(file)}` : engine)
      if (file) say('Server', served ? 'running' : 'not running')
      say('Role', await roleSaid(db))
      say('Last write', await lastWrite(db))
      say('Clock', SAYS[clock.read().state](formatInstant(clock.read().says)))
      say('Last check', lastCheck(await readCheckRecord(db)))
      say('Journal', `${grouped(await journalLength(db))} entries`)
      const line = await headOffice(db)
      if (line !== null) say('Head office', line)
      for (const table of TABLES) say(CALLED[table], grouped(await count(db, table)))
    })
  },
}

async function roleSaid(db: Db): Promise<string> {
  const role = await ownRole(db)
  if (role === 'alone') return 'a shop by itself'
  if (role === 'head-office') return 'head office'
  const parent = await db.selectFrom('head_office').select('address').executeTakeFirst()
  return `terminal of ${parent?.address ?? 'a head office whose address is not known'}`
}

const SAYS: Record<ClockState, (time: string) => string> = {
  trusted: (time) => `${time}, which the last write bears out`,
  unconfirmed: (time) =>
    `${time}: nothing expires until a sign-in at the counter has confirmed it, or the server has run by it for 12 hours`,
  contradicted: (time) =>
    `${time}, which the last write contradicts: set it right, or confirm it at the counter. Until then nothing expires`,
}

const TABLES = ['user', 'device', 'repair_order', 'payment', 'model'] as const
const CALLED: Record<(typeof TABLES)[number], string> = {
  user: 'People',
  device: 'Devices',
  repair_order: 'Repairs',
  payment: 'Payments',
  model: 'Models',
}

function sizeOf(file: string): string {
  const bytes = [file, `${file}-wal`].reduce(
    (sum, part) => sum + (statSync(part, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** What an act of an endpoint was done through; every other act is words already. */
const SURFACES: Record<string, string> = {
  counter: 'at the counter',
  v1: 'through the repair API',
  api: 'through the store API',
  sync: 'for another machine',
}

async function lastWrite(db: Db): Promise<string> {
  const last = await db
    .selectFrom('journal')
    .leftJoin('user', 'user.id', 'journal.actor')
    .select(['journal.at', 'journal.act', 'user.full_name'])
    .where('journal.origin', '=', (q) => q.selectFrom('self').select('node_id'))
    .orderBy('journal.epoch', 'desc')
    .orderBy('journal.seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!last) return 'none yet'
  const where = SURFACES[/^[A-Z]+ \/(\w+)/.exec(last.act)?.[1] ?? '']
  const by = where === undefined ? last.act : last.full_name
  return [formatInstant(last.at), where, by && `by ${by}`].filter(Boolean).join(' ')
}

function lastCheck({ finished_at, findings }: CheckRecord): string {
  const found = findings.length === 0 ? 'nothing was found' : findings.map(sentenceOf).join(' ')
  if (finished_at === null) return findings.length === 0 ? 'none yet' : `none yet. ${found}`
  return `${new Date(finished_at).toISOString().slice(0, 19)}Z: ${found}`
}

/** Where head office is, what has not gone there yet, and what came from there and waits; null where this database is no terminal. */
async function headOffice(db: Db): Promise<string | null> {
  const { role } = await db.selectFrom('self').select('role').executeTakeFirstOrThrow()
  if (role !== 'terminal') return null
  const office = await db.selectFrom('head_office').select('address').executeTakeFirst()
  const { waiting, troubles, keptBack } = await readPosition(db)
  const { ops, oldest_at, photos } = waiting
  const sent = ops === 0 ? 'has everything' : `${grouped(ops)} entries wait to be sent`
  const pictures = photos === 0 ? '' : `; ${grouped(photos)} ${photos === 1 ? 'photo waits' : 'photos wait'} to be sent`
  const since = oldest_at === null ? '' : `, the oldest of ${formatInstant(oldest_at)}`
  const { held, quarantined, parked } = troubles
  const kept =
    held + quarantined + parked === 0 ? '' : `; ${held} held, ${quarantined} quarantined, ${parked} parked here`
  const back =
    keptBack === 0 ? '' : `; ${grouped(keptBack)} entries stay here, for head office has others under their numbers`
  return `${office?.address ?? 'at no known address'}: ${sent}${since}${pictures}${kept}${back}`
}

async function count(db: Db, table: (typeof TABLES)[number]): Promise<number> {
  const { rows } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return rows
}
