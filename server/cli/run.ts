import { parseArgs } from 'node:util'
import { UsageError } from '../config.ts'
import { reasonOf } from '../reason.ts'
import { type Command, COMMON, type Terminal } from './command.ts'
import { backup } from './backup.ts'
import { demo } from './demo.ts'
import { enroll } from './enroll.ts'
import { erase } from './erase.ts'
import { importModels, importOrds, importProducts } from './import.ts'
import { restore } from './restore.ts'
import { serve } from './serve.ts'
import { status } from './status.ts'
import { userAdd } from './user-add.ts'
import { userPassword } from './user-password.ts'
import { verify } from './verify.ts'

const COMMANDS: readonly Command[] = [
  serve,
  userAdd,
  userPassword,
  demo,
  importOrds,
  importModels,
  importProducts,
  backup,
  restore,
  verify,
  erase,
  enroll,
  status,
]

/** Runs what was typed. Returns the exit code: 0 done, 1 failed, 2 typed wrongly; both failures say why in a sentence. */
export async function runCli(typed: string[], terminal: Terminal): Promise<number> {
  try {
    const group = groupOf(typed)
    if (group) return helpOnGroup(group, typed.length > 1, terminal)
    const command = commandOf(typed)
    if (!command) {
      terminal.out(helpOnAll())
      return 0
    }
    const { values, positionals } = parse(command, typed.slice(command.name.split(' ').length))
    if (values['help']) terminal.out(helpOn(command))
    else await command.run({ options: values, words: positionals, terminal })
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(error.message)
      return 2
    }
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    terminal.err(reason)
    return 1
  }
}

/** The commands that begin with the only word that was typed, or that help is asked on. */
function groupOf([word, next, ...more]: string[]): Command[] | null {
  if (next !== undefined && (more.length > 0 || (next !== '--help' && next !== '-h'))) return null
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${word} `))
  return group.length > 0 ? group : null
}

function helpOnGroup(group: readonly Command[], asked: boolean, { out, err }: Terminal): number {
  const say = asked ? out : err
  if (!asked) say(`One of these is meant: ${group.map(({ name }) => `'${name}'`).join(' or ')}.\n`)
  say(`${group.map(usageOf).join('\n\n')}\n\n${COMMON_HELP}`)
  return asked ? 0 : 2
}

function commandOf(typed: string[]): Command | null {
  if (typed.length === 0 || typed[0] === '--help' || typed[0] === '-h' || typed[0] === 'help') return null
  const command = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => typed[index] === word))
  if (command) return command
  const known = COMMANDS.map(({ name }) => `'${name}'`).join(', ')
  throw new UsageError(
    `There is no command '${typed
      .slice(0, 2)
      .filter((word) => !word.startsWith('-'))
      .join(' ')}'. There are ${known}.`,
  )
}

function parse({ name, options, words }: Command, args: string[]) {
  const parsed = parseOptions(args, { ...COMMON, ...options })
  if (parsed.values['help']) return parsed
  const { min, max, called } = words ?? { min: 0, max: 0, called: '' }
  if (parsed.positionals.length < min) throw new UsageError(`'${name}' needs ${called}`)
  if (parsed.positionals.length > max)
    throw new UsageError(`'${name}' does not know what to do with '${parsed.positionals[max]}'`)
  return parsed
}

function parseOptions(args: string[], options: NonNullable<Command['options']>) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    return { values: values as Record<string, string | boolean | undefined>, positionals }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS'))
      throw new UsageError(sentenceOf((error as Error).message))
    throw error
  }
}

/** What Node says of options: its first sentence, but for the one that does not say what to do. */
function sentenceOf(text: string): string {
  const [, ambiguous] = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument is ambiguous/.exec(text) ?? []
  if (ambiguous) return `${ambiguous} needs a value. One that begins with a dash is written behind =: ${ambiguous}=-…`
  return text.split(/\.\s|\n/)[0]!.trim()
}

function helpOnAll(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(15)} ${summary}`)
  return `Usage: npm run fixpoint -- COMMAND [options]\n\n${lines.join('\n')}\n\n${COMMON_HELP}\nMore on a command: npm run fixpoint -- COMMAND --help`
}

const COMMON_HELP = `Every command takes
  --data DIR             the folder of the database, the secret and the files (FIXPOINT_DATA)
  --database URL         a PostgreSQL database instead of the file, postgres://… (FIXPOINT_DATABASE_URL)
`

const usageOf = ({ name, usage, summary }: Command) => `Usage: npm run fixpoint -- ${name} ${usage}\n\n${summary}`

const helpOn = (command: Command) => `${usageOf(command)}\n\n${COMMON_HELP}`
