import { exists } from '../../db/file/open-file.ts'
import { lockFile, sizeOf } from '../../db/file/guard.ts'
import { refuseInUse } from '../../db/file/in-use.ts'
import { finishReplacement } from '../../db/file/replace.ts'
import { syncFolder } from '../../db/file/sync-folder.ts'
import { openDatabase } from '../../db/open.ts'
import { StartRefused } from '../config.ts'
import { prepareFolder, signingSecret } from '../data-folder.ts'
import { askToJoin, readInvitation } from '../sync/enrol/ask.ts'
import { ownStore } from '../../db/self.ts'
import type { Db } from '../../db/handle.ts'
import { openTokens } from '../http/auth/tokens.ts'
import { historyOf } from '../sync/enrol/history/bring-history.ts'
import type { HistoryPlan } from '../sync/enrol/history/plan.ts'
import { hasHistory, type Joining, lineTo, openStage, planPlace, prepareTerminal } from '../sync/enrol/join.ts'
import { askPerson, readPeople } from './joining-people.ts'
import { joinRefusalOf } from '../sync/enrol/reasons.ts'
import { nodeKeysOf } from '../sync/node-keys.ts'
import type { Enrolled } from '../sync/wire.ts'
import { type Command, configOf, type Terminal, valueOf, withDatabase } from './command.ts'
import { interruptible } from './interrupt.ts'
import { grouped } from './progress.ts'

export const enroll: Command = {
  name: 'enroll',
  summary: 'Make this machine a terminal of a head office, by the code that is given out there.',
  usage: `ADDRESS CODE [--name NAME] [--person OLD=NEW,…] [--yes]

  ADDRESS                where head office is reached: https://office.example.com
  CODE                   what an admin of the organisation was shown there; good once, for 24 hours
  --name NAME            what people call this machine, in place of what was said when the code was made
  --person OLD=NEW,…     who works here is whom at head office: the number of a person of this shop, and theirs there, or "own" for
                         somebody whom head office does not have
  --yes                  joins without asking once more

A new data folder becomes a terminal that is empty but for what head office has. A shop that has worked alone brings all that it has: what
becomes of it is shown before it begins. Stop the server first. Killed halfway, it is begun again with the same code.`,
  options: { name: { type: 'string' }, person: { type: 'string' }, yes: { type: 'boolean' } },
  words: { min: 1, max: 2, called: 'the address of head office and a code' },
  run: async (asked) => {
    const config = configOf(asked)
    const { terminal, words, options } = asked
    const { data, database, version } = config
    if ('url' in database) throw new StartRefused(NO_POSTGRES)
    const { file } = database
    try {
      const { address, code } = readInvitation(words[0]!)
      const given = words[1] ?? code
      if (given === null) throw new StartRefused('The code is missing: it stands behind the address')
      prepareFolder(data)
      if (exists(database)) await withDatabase(config, { terminal, mustExist: true }, ({ db }) => hasHistory(db))
      const secret = config.secret ?? signingSecret(data)
      const keys = nodeKeysOf(secret)
      const name = valueOf(options, 'name') ?? null
      const people = readPeople(valueOf(options, 'person') ?? '')
      const hold = lockFile(file)
      try {
        finishReplacement(file)
        await openStage(file)
        await refuseInUse(file)
        const currency = await currencyOfHistory(file)
        await interruptible(async (signal) => {
          const asking = { address, code: given, name, keys, version, signal }
          const enrolled = await askToJoin({ ...asking, ...(currency !== null && { currency }) })
          const line = lineTo(address, { enrolled, keys, now: Date.now })
          const send = (call: 'push' | 'pull', body: unknown) => line.send(call, body, { signal, onBytes: () => {} })
          const progress = sayTo(terminal)
          const decide = (plan: HistoryPlan, db: Db) =>
            askPerson(terminal, plan, db, { people, yes: options['yes'] === true })
          const { derive } = openTokens(secret, { now: Date.now, expiry: Date.now })
          const history = currency !== null && {
            history: historyOf({ file, enrolled, decide, derive, signal, progress }),
          }
          const wanted = { file, enrolled, address, send, now: Date.now, signal, progress, ...history }
          await prepareTerminal(wanted).finally(line.close)
          planPlace(file, Date.now())
          conclude(terminal, enrolled)
        })
      } finally {
        // With a plan it is finished, without one undone.
        finishReplacement(file)
        syncFolder(data)
        hold.release()
      }
    } catch (error) {
      const refusal = joinRefusalOf(error)
      throw refusal ? new StartRefused(`${refusal.message}. Nothing was changed.`) : error
    }
  },
}

/**
 * The currency of the shop that has worked in this file; null where it has not. Somebody may have set it up since it was looked at;
 * from here on nobody opens the file.
 */
async function currencyOfHistory(file: string): Promise<string | null> {
  if (sizeOf(file) === 0) return null
  const database = await openDatabase({ at: { file }, now: Date.now, onError: () => {} })
  try {
    if (!(await hasHistory(database.db))) return null
    return (await ownStore(database.db).select('store.currency').executeTakeFirstOrThrow()).currency
  } finally {
    await database.close()
  }
}

const NO_POSTGRES =
  'A terminal keeps its data in a file of its own: leave --database and FIXPOINT_DATABASE_URL out. A PostgreSQL database is head office’s.'

function sayTo({ screen, err }: Terminal) {
  let said = ''
  return ({ step, heard }: Joining) => {
    const line = LINES[step](heard)
    if (screen) screen.write(`\r${line.slice(0, screen.columns - 1)}\u001B[K`)
    else if (step !== said) err(line)
    said = step
  }
}

const LINES: Record<Joining['step'], (count: number) => string> = {
  hearing: (writes) => `Head office tells what it knows: ${grouped(writes)} writes`,
  bringing: (rows) => `What the shop has is brought: ${grouped(rows)} rows`,
  checking: () => 'It is checked',
}

function conclude({ screen, out }: Terminal, { node, store }: Enrolled) {
  screen?.write('\r\u001B[K')
  out(
    `This is terminal ${node['terminal']} of ${store['name']} (${store['code']}) now. Its numbers begin with ${store['code']}-${node['terminal']}.`,
  )
}
