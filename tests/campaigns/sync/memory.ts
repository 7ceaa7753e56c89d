import Sqlite from 'better-sqlite3'
import type { Scan } from '../../../db/check/scan.ts'
import type { Engine } from '../../../db/engines/engine.ts'
import { openKysely } from '../../../db/engines/sqlite.ts'
import { NO_PLACE } from '../../../db/file/place.ts'

/**
 * A database in memory as the program's engine, with one connection, and with the ways in which a machine fails. All that a seed
 * writes lies inside one transaction, whose parts are savepoints: taking it back is what a new seed begins with, and taking a part of
 * it back is what a machine does that is put back to an earlier copy of itself.
 */

/** The machine stopped: nothing of it goes on, and what was not committed is gone. */
export class Crashed extends Error {}
/** One write failed, and the machine goes on. */
export class WriteFailed extends Error {}

/** What becomes of the write after `writes` more; `committed` stops the machine behind the commit, before anybody hears of it. */
export type Fault = { writes: number; kind: 'before the commit' | 'committed' | 'failed' }

export type Memory = {
  raw: Sqlite.Database
  /** Rows of a statement that reads. */
  rows<R>(text: string): R[]
  /** An engine of one life of the machine: once it has crashed, nothing of that life reads or writes any more. */
  begin(): Engine
  fault: Fault | null
}

export function openMemory(image?: Buffer): Memory {
  const raw = new Sqlite(image ?? ':memory:')
  raw.pragma('foreign_keys = ON')
  raw.pragma('secure_delete = ON')
  const statements = new Map<string, Sqlite.Statement>()
  const prepare = (text: string) => {
    const known = statements.get(text)
    if (known) return known
    const made = raw.prepare(text)
    if (!/^\s*(create|drop|alter|pragma) /i.test(text)) statements.set(text, made)
    return made
  }
  const run = <R>(text: string, parameters: readonly unknown[]) => {
    const statement = prepare(text)
    if (statement.reader) return { rows: statement.all(...parameters) as R[] }
    return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) }
  }
  const scanned = new Map<string, Sqlite.Statement>()
  const scan: Scan = {
    engine: 'sqlite',
    rows: (text, parameters) => {
      const statement = scanned.get(text) ?? raw.prepare(text).raw()
      scanned.set(text, statement)
      return statement.all(...parameters) as unknown[][]
    },
    close: () => {},
  }
  const rows = <R>(text: string) => prepare(text).all() as R[]
  const memory: Memory = { raw, rows, begin: () => life(memory, run, scan), fault: null }
  return memory
}

type Run = <R>(text: string, parameters: readonly unknown[]) => { rows: R[]; numAffectedRows?: bigint }

function life(memory: Memory, run: Run, scan: Scan): Engine {
  const { raw } = memory
  let isOver = false
  const alive: Run = (text, parameters) => {
    if (isOver) throw new Crashed('The machine has stopped')
    return run(text, parameters)
  }
  const connection = { execute: alive, executeNoResult: alive, close: () => {} }
  const query = openKysely(connection)
  let last: Promise<unknown> = Promise.resolve()
  const transaction = async <T>(work: (on: typeof query) => Promise<T>): Promise<T> => {
    alive('savepoint write', [])
    let result: T
    const fault = dueFault(memory)
    try {
      result = await work(query)
      if (fault === 'before the commit') throw new Crashed('It stopped before the commit')
      if (fault === 'failed') throw new WriteFailed('A write failed')
    } catch (error) {
      isOver ||= error instanceof Crashed
      raw.exec('rollback to write; release write')
      throw error
    }
    raw.exec('release write')
    if (fault === 'committed') {
      isOver = true
      throw new Crashed('It stopped behind the commit')
    }
    return result
  }
  return {
    name: 'sqlite',
    read: query,
    transaction: (work) => {
      const result = last.then(() => transaction(work))
      last = result.catch(() => {}) // Its caller hears of it; the next one only waits.
      return result
    },
    scan: () => scan,
    place: { ...NO_PLACE, gone: () => (isOver ? 'a machine that stopped' : null) },
    close: async () => {
      await last
      isOver = true
    },
  }
}

function dueFault(memory: Memory): Fault['kind'] | null {
  const { fault } = memory
  if (!fault || fault.writes-- > 0) return null
  memory.fault = null
  return fault.kind
}
