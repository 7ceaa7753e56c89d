import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { DatabaseRefused, isDamage } from '../../../db/errors.ts'
import { findDamage } from '../../../db/file/quick-check.ts'
import { openDatabase } from '../../../db/open.ts'
import { checkContent } from '../../../db/check/check-content.ts'
import { readCheckRecord } from '../../../db/check/check-record.ts'
import type { Database as Opened } from '../../../db/database.ts'
import { configFrom } from '../../../server/config.ts'
import { serve } from '../../../server/serve.ts'
import type { Figure } from '../../bench/report.ts'
import { contentOf, type Days, type Image, liveThroughDays } from './days.ts'
import { type Random, randomFrom } from '../random.ts'

/**
 * Damages copies of a shop's files, or mixes those of several days, and starts the server on them: each must be refused in a
 * sentence, or be found by the checks of a served file, or be whole.
 */

/**
 * What came of one start. `whole`: served with every write that was acknowledged. `older`: served as an earlier day, whole, with
 * nothing beside it that knew better: the high-water file was gone too. `forgetful`: the same, although that file was there.
 * `mixed`: served as something that the shop never was, by files that were put together.
 */
type Outcome = 'refused' | 'found' | 'whole' | 'older' | 'forgetful' | 'unnoticed' | 'mixed' | 'crashed'
type Case = { what: string; mixture: boolean; outcome: Outcome; said: string }

const PAGE = 4_096

export async function damage({ count, seed }: { count: number; seed: number }): Promise<Figure[]> {
  const days = await liveThroughDays()
  try {
    const cases: Case[] = []
    for (let n = 0; n < count; n++) cases.push(await tryCase(days, randomFrom(seed * 100_003 + n)))
    const planted = Math.max(6, Math.ceil(count / 20))
    const control: Outcome[] = []
    for (let n = 0; n < planted; n++) control.push(await tryWithoutChecks(days, randomFrom(seed * 100_003 + n)))
    return figuresOf(cases, control)
  } finally {
    days.remove()
  }
}

function figuresOf(cases: readonly Case[], control: readonly Outcome[]): Figure[] {
  const of = (...outcomes: Outcome[]) => cases.filter(({ outcome }) => outcomes.includes(outcome))
  const figure = (what: string, bad: readonly Case[]): Figure => {
    const first = bad[0] ? ` (${bad[0].what}: ${bad[0].said})` : ''
    return { name: 'R4', what, result: `${bad.length}${first}`, goal: '0', reached: bad.length === 0 }
  }
  const noticed = control.filter((outcome) => outcome === 'mixed' || outcome === 'found').length
  const tally = ['refused', 'found', 'whole', 'older']
    .map((outcome) => `${of(outcome as Outcome).length} ${outcome}`)
    .join(', ')
  return [
    figure(`mixed databases served, of ${cases.length} damaged ones (${tally})`, of('mixed')),
    figure('served without the newest writes beside a high-water file', of('forgetful')),
    figure('starts that ended without a sentence', of('crashed')),
    figure('served with changed rows that no check finds', of('unnoticed')),
    {
      name: 'R4',
      what: `of ${control.length} mixtures opened with the checks left out, noticed by this campaign`,
      result: String(noticed),
      goal: 'all',
      reached: noticed === control.length,
    },
  ]
}

type Damage = {
  what: string
  mixture: boolean
  base(days: Days): Image
  apply(file: string, random: Random, days: Days): void
}

const DAMAGES: readonly Damage[] = [
  { what: 'bytes flipped', mixture: false, base: (days) => days.tuesday, apply: (file, random) => flip(file, random) },
  {
    what: 'bytes flipped after a crash',
    mixture: false,
    base: (days) => days.crash,
    apply: (file, random) => flip(file, random),
  },
  {
    what: 'bytes of the log flipped',
    mixture: false,
    base: (days) => days.crash,
    apply: (file, random) => flip(`${file}-wal`, random),
  },
  { what: 'file cut short', mixture: false, base: (days) => days.tuesday, apply: (file, random) => cut(file, random) },
  {
    what: 'file cut short after a crash',
    mixture: false,
    base: (days) => days.crash,
    apply: (file, random) => cut(file, random),
  },
  {
    what: 'log cut short',
    mixture: false,
    base: (days) => days.crash,
    apply: (file, random) => cut(`${file}-wal`, random),
  },
  { what: 'pages zeroed', mixture: false, base: (days) => days.tuesday, apply: (file, random) => zero(file, random) },
  {
    what: 'pages of the log zeroed',
    mixture: false,
    base: (days) => days.crash,
    apply: (file, random) => zero(`${file}-wal`, random),
  },
  {
    what: 'pages half written',
    mixture: true,
    base: (days) => days.tuesday,
    apply: (file, random, days) => tear(file, random, days),
  },
  { what: 'a stray log beside a closed file', mixture: true, base: ({ tuesday }) => tuesday, apply: putStrayLog },
  { what: 'a stray log beside a file after a crash', mixture: true, base: ({ crash }) => crash, apply: putStrayLog },
  {
    what: 'Monday’s file beside the log of a crash',
    mixture: true,
    base: ({ crash }) => crash,
    apply: (file, _, { monday }) => putFile(file, monday),
  },
  {
    what: 'Tuesday’s file beside the log of a crash',
    mixture: true,
    base: ({ crash }) => crash,
    apply: (file, _, { tuesday }) => putFile(file, tuesday),
  },
  {
    what: 'Monday’s file where Tuesday’s was',
    mixture: true,
    base: ({ tuesday }) => tuesday,
    apply: (file, _, { monday }) => putFile(file, monday),
  },
]

function flip(path: string, random: Random) {
  const bytes = readFileSync(path)
  for (let n = random.between(1, 8); n > 0; n--) bytes[random.between(0, bytes.length - 1)]! ^= random.between(1, 255)
  writeFileSync(path, bytes)
}

const cut = (path: string, random: Random) => truncateSync(path, random.between(0, statSync(path).size - 1))

function zero(path: string, random: Random) {
  const bytes = readFileSync(path)
  for (let n = random.between(1, 3); n > 0; n--) {
    const at = random.between(0, Math.ceil(bytes.length / PAGE) - 1) * PAGE
    bytes.fill(0, at, Math.min(at + PAGE, bytes.length))
  }
  writeFileSync(path, bytes)
}

/** The rest of a page is what it was the day before. */
function tear(path: string, random: Random, { monday }: Days) {
  const bytes = readFileSync(path)
  const before = readFileSync(join(monday.folder, 'fixpoint.db'))
  for (let n = random.between(1, 4); n > 0; n--) {
    const page = random.between(0, before.length / PAGE - 1) * PAGE
    const from = page + 512 * random.between(0, 7)
    before.copy(bytes, from, from, page + PAGE)
  }
  writeFileSync(path, bytes)
}

function putStrayLog(file: string, random: Random, { strayLogs }: Days) {
  copyFileSync(random.of(strayLogs), `${file}-wal`)
}

const putFile = (file: string, { folder }: Image) => copyFileSync(join(folder, 'fixpoint.db'), file)

/** Lays an image out in a folder of its own and damages it. */
async function withDamaged<T>(
  days: Days,
  random: Random,
  damages: readonly Damage[],
  run: (file: string, damage: Damage, was: { content: string; hasHead: boolean }) => Promise<T>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-damage-'))
  const file = join(folder, 'fixpoint.db')
  try {
    const damage = random.of(damages)
    const { folder: from, parts, content } = damage.base(days)
    for (const part of parts) copyFileSync(join(from, `fixpoint.db${part}`), `${file}${part}`)
    const { atimeMs, mtimeMs } = statSync(join(from, 'fixpoint.db'))
    damage.apply(file, random, days)
    // A disk that forgets does not say when.
    if (random.sometimes(0.5)) utimesSync(file, atimeMs / 1_000, mtimeMs / 1_000)
    if (random.sometimes(0.2)) rmSync(`${file}-head`, { force: true })
    return await run(file, damage, { content, hasHead: existsSync(`${file}-head`) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const tryCase = (days: Days, random: Random) =>
  withDamaged(days, random, DAMAGES, async (file, { what, mixture }, was): Promise<Case> => {
    const { outcome, said } = await outcomeOf(file, { ...was, known: days.known })
    return {
      what,
      mixture,
      said,
      outcome: outcome === 'found' && mixture && what !== 'pages half written' ? 'mixed' : outcome,
    }
  })

/** What the shop knew before its files were damaged. */
type Known = { content: string; hasHead: boolean; known: ReadonlySet<string> }

async function outcomeOf(file: string, known: Known): Promise<{ outcome: Outcome; said: string }> {
  const config = {
    ...configFrom({}, { data: join(file, '..'), port: '0' }),
    secret: 'a secret of campaigns, of 32 characters or more',
    tripwire: false, // As from the bundle.
  }
  let serving: Awaited<ReturnType<typeof serve>>
  try {
    serving = await serve(config, pino({ level: 'silent' }))
  } catch (error) {
    const said = (error as Error).message
    return { outcome: error instanceof DatabaseRefused ? 'refused' : 'crashed', said }
  }
  try {
    return await lookAt(file, serving.context.database, known)
  } finally {
    await serving.close()
  }
}

type Reading = Pick<Opened, 'scan' | 'db'>

/** What the start put right, or the checks say of an open database, and where they say nothing, whether it is one that the shop had. */
async function lookAt(
  file: string,
  served: Reading,
  { content: newest, hasHead, known }: Known,
): Promise<{ outcome: Outcome; said: string }> {
  try {
    const found = findDamage(file) ?? (await findFault(served))
    if (found) return { outcome: 'found', said: found }
    const database = new Database(file, { readonly: true })
    const content = contentOf(database)
    database.close()
    const said = 'no check says anything'
    if (content === newest) return { outcome: 'whole', said }
    if (!known.has(content)) return { outcome: 'unnoticed', said }
    return { outcome: hasHead ? 'forgetful' : 'older', said }
  } catch (error) {
    if (!isDamage(error)) throw error
    return { outcome: 'found', said: (error as Error).message }
  }
}

async function findFault(served: Reading): Promise<string | null> {
  const [fault] = [...(await readCheckRecord(served.db)).findings, ...(await checkContent(served)).findings]
  return fault ? JSON.stringify(fault) : null
}

const FOREIGN: Damage = {
  what: 'a foreign log',
  mixture: true,
  base: ({ tuesday }) => tuesday,
  apply: (file, random, { foreignLogs }) => copyFileSync(random.of(foreignLogs), `${file}-wal`),
}

/** Opens a mixture as SQLite alone would, to see that this campaign knows one when it is served. */
const tryWithoutChecks = (days: Days, random: Random) =>
  withDamaged(days, random, [FOREIGN], async (file, _, was): Promise<Outcome> => {
    try {
      const database = await openDatabase({ at: { file }, now: Date.now, onError: () => {} })
      try {
        const { outcome } = await lookAt(file, database, { ...was, known: days.known })
        return outcome === 'unnoticed' ? 'mixed' : outcome
      } finally {
        await database.close()
      }
    } catch {
      return 'found'
    }
  })
