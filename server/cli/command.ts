import type { ParseArgsOptionsConfig } from 'node:util'
import { DatabaseRefused } from '../../db/errors.ts'
import type { Actor } from '../../db/handle.ts'
import type { Database } from '../../db/database.ts'
import { exists, finishRestore, openBeside } from '../../db/file/open-file.ts'
import { type Config, configFrom, type ConfigOptions, UsageError } from '../config.ts'
import { prepareFolder } from '../data-folder.ts'
import { resumeClock } from '../follow-clock.ts'
import { refuseWhatHeadOfficeDecides } from '../http/auth/head-office.ts'
import { addFirstCatalogue } from '../shop/stock/first-catalogue.ts'

/** Where a command hears and speaks. */
export type Terminal = {
  env: NodeJS.ProcessEnv
  out(line: string): void
  err(line: string): void
  input: AsyncIterable<Buffer | string>
  /** Where a line can be written over again; null when nobody watches. */
  screen: { write(text: string): unknown; columns: number } | null
  /** Of the hashes of passwords, where it is another than the program's. */
  bcryptCost?: number
}

export type Options = Record<string, string | boolean | undefined>

export type Command = {
  /** As it is typed: `user add`. */
  name: string
  summary: string
  /** What follows the name, for `--help`. */
  usage: string
  options?: ParseArgsOptionsConfig
  /** How many words besides options it takes; none unless said otherwise. */
  words?: { min: number; max: number; called: string }
  run(asked: { options: Options; words: string[]; terminal: Terminal }): Promise<void>
}

/** What every command understands. */
export const COMMON = {
  data: { type: 'string' },
  database: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig

/** The value of an option that takes one. */
export const valueOf = (options: Options, name: string) =>
  typeof options[name] === 'string' ? options[name] : undefined

/** @throws UsageError when the option was left out */
export function needed(options: Options, name: string): string {
  const value = valueOf(options, name)
  if (value === undefined) throw new UsageError(`--${name} is needed`)
  return value
}

export function configOf({ options, terminal }: { options: Options; terminal: Terminal }): Config {
  const names = ['data', 'database', 'port', 'host']
  const given = Object.fromEntries(names.map((name) => [name, valueOf(options, name)])) as ConfigOptions
  const config = configFrom(terminal.env, given)
  return { ...config, bcryptCost: terminal.bcryptCost ?? config.bcryptCost }
}

/** Who the journal says it was. */
export const by = (act: string): Actor => ({ actor: null, device: 'command line', act })

/**
 * Opens the configured database beside a server that may run, and closes it again after `work`.
 * @throws DatabaseRefused when it may not be opened, or is not there and `mustExist`
 */
export async function withDatabase<T>(
  config: Config,
  { terminal, mustExist = false, inThread = false }: { terminal: Terminal; mustExist?: boolean; inThread?: boolean },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  finishRestore(config.database)
  if (mustExist && !exists(config.database))
    throw new DatabaseRefused(`There is no Fixpoint database in ${config.data}. Name its folder with --data.`)
  prepareFolder(config.data)
  const database = await openBeside({
    at: config.database,
    now: Date.now,
    onError: (error) => terminal.err(error.message),
    fillNew: addFirstCatalogue,
    inThread,
    tripwire: config.tripwire,
  })
  try {
    // On a full disk or a damaged file a command that only reads still works.
    await resumeClock({ database }).catch((error: Error) => terminal.err(error.message))
    return await work(withoutHeadOffices(database))
  } finally {
    await database.close()
  }
}

/** The same database, whose writes say nothing that a terminal leaves to head office: a command is refused it as a person is. */
const withoutHeadOffices = (database: Database): Database => ({
  ...database,
  write: (by, run) =>
    database.write(by, async (trx) => {
      const done = await run(trx)
      await refuseWhatHeadOfficeDecides(trx)
      return done
    }),
})
