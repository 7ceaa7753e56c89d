import { setTimeout as pause } from 'node:timers/promises'
import { type CheckRecord, readCheckRecord, saveCheckPosition, saveWholeCheck } from '../../db/check/check-record.ts'
import { type Finding, sentenceOf, stopsWrites } from '../../db/check/findings.ts'
import { mendSchema } from '../../db/check/schema/mend-schema.ts'
import { openPass, type Pass } from '../../db/check/pass.ts'
import type { Scan } from '../../db/check/scan.ts'
import type { Database } from '../../db/database.ts'
import { renewJournalIndex } from '../../db/journal/renew-index.ts'
import { DatabaseChanged, isDamage } from '../../db/errors.ts'
import type { StructureCheck, StructureDamage } from '../../db/file/quick-check.ts'

/**
 * Checks the whole database once a day while nothing else runs: the content in slices between which everybody else has
 * their turn, then the structure of the file in a thread of its own. It goes on where it was after a restart.
 */
export type RunningCheck = {
  /** Does the next bit of what is due; returns after how many ms to ask again. */
  tick(): Promise<number>
  /** Checks everything at once, from the beginning. */
  runNow(): Promise<readonly Finding[]>
  close(): Promise<void>
}

type Options = {
  database: Database
  /** Checks the structure of the file; null where there is none of ours. */
  structure: (() => StructureCheck) | null
  /** ms since 1970. */
  now: () => number
  /** How long nobody has asked for anything, in ms. */
  idleMs: () => number
  onFindings(findings: readonly Finding[]): void
  onError(error: Error): void
}

/** All in ms. */
const DAY_MS = 86_400_000
const IDLE_MS = 3_000
/** A slice and the pause after it, while nothing else runs. */
const SLICE_MS = 20
const PAUSE_MS = 20
/** A check that has waited this long goes on beside work, a short slice every other second. */
const OVERDUE_MS = 8 * 3_600_000
const BUSY_SLICE_MS = 8
const BUSY_PAUSE_MS = 2_000
/** How often it looks whether a check is due, and how often it writes down where it is. */
const POLL_INTERVAL_MS = 60_000
const SAVE_INTERVAL_MS = 30_000

export async function openRunningCheck(options: Options): Promise<RunningCheck> {
  const { database, now, idleMs, onError } = options
  let record = await readCheckRecord(database.db)
  let readAt = now()
  let underWay: { pass: Pass; scan: Scan; started_at: number } | null = null
  let structure: StructureCheck | null = null
  /** What was found before this start may have been put right since. */
  let dueSince: number | null = record.findings.length > 0 ? now() : null
  let savedAt = now()
  let closed = false
  // What was met since the file was opened stays known.
  if (record.findings.length > 0) blockWrites(database, record.findings)

  const savePosition = (position: Pick<CheckRecord, 'position' | 'started_at'>) => {
    record = { ...record, ...position }
    savedAt = now()
    return database.writeCheckRecord((trx) => saveCheckPosition(trx, position)).catch(onError) // It begins from an earlier one.
  }

  const begin = async (position: string | null) => {
    const scan = database.scan()
    const started_at = (position !== null && record.started_at) || now()
    underWay = { pass: await openPass(scan, position), scan, started_at }
    return underWay
  }

  const stop = () => {
    underWay?.scan.close()
    underWay = null
  }

  /** Returns whether it must go through everything once more: a command has found something since it began. */
  const finish = async (content: readonly Finding[]): Promise<boolean> => {
    const { rows = 0, entries = 0 } = underWay?.pass.progress() ?? {}
    stop()
    structure = options.structure?.() ?? null
    const { damage = null, search = [] } = (await structure?.result) ?? {}
    structure = null
    if (closed) return false
    const findings = await mended(content, damage, search)
    const whole = { position: null, started_at: null, finished_at: now(), rows, entries, findings }
    const isSaved = await database
      .writeCheckRecord((trx) => saveWholeCheck(trx, whole, record))
      .catch((error: Error) => {
        onError(error)
        return true // The state is known without it.
      })
    if (!isSaved) {
      await readCommandResult()
      dueSince ??= now()
      return true
    }
    record = whole
    blockWrites(database, findings)
    dueSince = null
    database.notify([{ entity: 'content_check', id: 1 }])
    if (findings.length > 0) options.onFindings(findings)
    return false
  }

  /** Has put right what can be, unless anything else is wrong: then the file is left as it is. Returns all that was found. */
  const mended = async (content: readonly Finding[], damage: string | null, search: StructureDamage['search']) => {
    if (damage !== null || content.some(stopsWrites)) {
      const texts = [...(damage === null ? [] : [damage]), ...search.map(({ text }) => text)]
      return [...texts.map((text): Finding => ({ kind: 'file', text })), ...content]
    }
    if (content.some(({ kind }) => kind === 'index')) await mendSchema(database)
    if (content.some(({ kind }) => kind === 'counter')) await database.mendCounters()
    if (content.some(({ kind }) => kind === 'indexed')) await renewJournalIndex(database, content)
    for (const finding of content) if (finding.kind === 'sorted') await database.renewSorted(finding.table)
    for (const { entity } of search) await database.renewSearchIndex(entity)
    return [...search.map(({ entity }): Finding => ({ kind: 'search', entity })), ...content]
  }

  /** Works for `ms`; returns whether there is more to do. */
  const work = async (ms: number): Promise<boolean> => {
    try {
      const { pass, started_at } = underWay ?? (await begin(record.position))
      if (await pass.step(ms)) {
        if (now() - savedAt >= SAVE_INTERVAL_MS) await savePosition({ position: pass.position(), started_at })
        return true
      }
      return await finish(pass.findings())
    } catch (error) {
      if (!isDamage(error)) throw error
      return await finish([{ kind: 'file', text: (error as Error).message }])
    }
  }

  /**
   * A command may have checked meanwhile: what it found stops writes at once, what it no longer has is checked again here, and
   * a check under way begins anew, for what it has behind it may have been damaged since.
   */
  async function readCommandResult() {
    const { finished_at } = record
    const current = await readCheckRecord(database.db)
    readAt = now()
    if (current.finished_at === finished_at || current.finished_at === null) return
    const wasUnderWay = underWay !== null || record.position !== null
    stop()
    record = { ...current, position: null, started_at: null }
    if (record.findings.some(stopsWrites)) blockWrites(database, record.findings)
    else if (wasUnderWay || database.damage() !== null) dueSince = now()
    database.notify([{ entity: 'content_check', id: 1 }])
  }

  const next = async (): Promise<number> => {
    const isIdle = !underWay && dueSince === null
    if (isIdle || Math.abs(now() - readAt) >= POLL_INTERVAL_MS) await readCommandResult()
    if (!underWay && dueSince === null) {
      const wait = waitOf(record, now())
      if (dueSince === null && wait > 0) return Math.min(wait, POLL_INTERVAL_MS)
      dueSince ??= now()
    }
    const idle = idleMs()
    if (idle >= IDLE_MS) return (await work(SLICE_MS)) ? PAUSE_MS : POLL_INTERVAL_MS
    if (now() - dueSince! < OVERDUE_MS) return Math.max(200, IDLE_MS - idle)
    return (await work(BUSY_SLICE_MS)) ? BUSY_PAUSE_MS : POLL_INTERVAL_MS
  }

  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = turn.then(run)
    turn = result.catch(() => {}) // Its caller hears of it; the next one only waits.
    return result
  }

  return {
    tick: () =>
      inTurn(async () => {
        try {
          return closed ? POLL_INTERVAL_MS : await next()
        } catch (error) {
          stop() // It goes on from the last position that was written down.
          if (!closed) onError(error as Error)
          return POLL_INTERVAL_MS
        }
      }),
    runNow: () =>
      inTurn(async () => {
        stop()
        record = { ...record, position: null }
        while (await work(SLICE_MS)) await pause(1)
        return record.findings
      }),
    close: async () => {
      closed = true
      structure?.stop()
      await turn
      if (underWay) await savePosition({ position: underWay.pass.position(), started_at: underWay.started_at })
      stop()
    },
  }
}

/** How long until a check is due, in ms. One that a clock ahead of ours dated is due now. */
function waitOf({ finished_at, position }: CheckRecord, now: number): number {
  if (position !== null || finished_at === null || finished_at > now) return 0
  return finished_at + DAY_MS - now
}

/** Nothing is written any more where that would make it worse; a whole check without such findings lets it go on. */
function blockWrites(database: Database, findings: readonly Finding[]) {
  const blocking = findings.filter(stopsWrites)
  const worst = blocking.find(({ kind }) => kind !== 'trigger') ?? blocking[0]
  const sentence = worst ? sentenceOf(worst) : null
  if (worst?.kind === 'trigger') database.setDamage(sentence, () => new DatabaseChanged(sentence!))
  else database.setDamage(sentence)
}
