import { resolve } from 'node:path'
import type { Contents } from '../../db/file/contents.ts'
import { restore as restoreBackup, type Found, type RestoreResult } from '../shop/backup/restore.ts'
import type { Source } from '../shop/backup/source.ts'
import { documentNumber, type Letter, LETTERS } from '../domain/numbers.ts'
import { StartRefused } from '../config.ts'
import { prepareFolder } from '../data-folder.ts'
import { lastTicketOf, postgresRefusal, stepsOf } from './backup.ts'
import { by, type Command, configOf, type Terminal } from './command.ts'
import { interruptible } from './interrupt.ts'
import { grouped } from './progress.ts'

export const restore: Command = {
  name: 'restore',
  summary:
    'Put a backup, or a copy of the database file, in the place of the data, which is checked first; what was there is kept beside it.',
  usage: `FILE

  FILE                   what 'backup' has made, or a fixpoint.db that was copied by hand, with its -wal beside it where
                         there is one: photos and secret then stay those of the data folder. Stop the server first

What was written after it was made is not in it. Numbers begin anew (S1-T1X2-000001) and everybody signs in anew.`,
  words: { min: 1, max: 1, called: 'the file of a backup, or a copy of the database file' },
  run: async (asked) => {
    const { terminal, words } = asked
    const config = configOf(asked)
    const { database, data } = config
    if ('url' in database) throw new StartRefused(postgresRefusal(config))
    prepareFolder(data)
    const progress = stepsOf(terminal)
    const found = (what: Found) => {
      progress.end()
      for (const line of describe(what)) terminal.out(line)
    }
    const place = { path: resolve(words[0]!), data, file: database.file, now: Date.now, by: by('restore') }
    const result = await interruptible((signal) =>
      restoreBackup({ ...place, found, signal, progress: progress.show }),
    ).finally(progress.end)
    conclude(terminal, data, result)
  },
}

function describe({ source, previous }: Found): string[] {
  const { database, missing_photos } = source
  const { rows, last } = database
  const lines = [
    headingOf(source),
    `  ${grouped(rows.people)} people, ${grouped(rows.devices)} devices, ${grouped(rows.repairs)} repairs, ${grouped(rows.payments)} payments.`,
    `  Last ticket ${lastTicketOf(database)}, last receipt ${last.receipt ?? 'none'}, last purchase ${last.purchase ?? 'none'}.`,
  ]
  if (previous?.contents) {
    const { contents } = previous
    const other = contents.journal.first !== database.journal.first ? ' Those are of ANOTHER shop.' : ''
    lines.push(
      `It replaces data of ${contents.store.name}, last written ${saidOf(contents)}, last ticket ${lastTicketOf(contents)}.${other}`,
    )
  } else if (previous) lines.push('It replaces data that cannot be read any more.')
  if (missing_photos.length > 0)
    lines.push(
      `These ${grouped(missing_photos.length)} photos are ${source.made ? 'not in it' : 'missing'}: ${missing_photos.slice(0, MOST_NAMED).join(', ')}${missing_photos.length > MOST_NAMED ? ' …' : ''}`,
    )
  lines.push(erasures(previous?.erased ?? [], previous?.contents != null, source))
  return lines
}

function headingOf({ path, made, database }: Source): string {
  const { store, node } = database
  const whose = `${store.name} (${store.code}), terminal ${node.terminal}`
  return made
    ? `A backup of ${whose}, made ${said(made.at)} by Fixpoint ${made.version}:`
    : `${path} is a database of ${whose}, last written ${saidOf(database)}:`
}

function erasures(erased: readonly number[], isKnown: boolean, { made, database }: Source): string {
  if (isKnown && erased.length === 0) return 'Nobody was erased since it was made.'
  if (isKnown)
    return `Erased since it was made, and in it again: customers ${erased.join(', ')}. Erase them once more: npm run fixpoint -- erase --customer ${erased[0]}`
  return `Who was erased after ${made ? said(made.at) : saidOf(database)} is in it again, and this machine does not know who that was: erase them once more.`
}

function conclude(
  terminal: Terminal,
  data: string,
  { source, contents, kept, noted, mended, findings }: RestoreResult,
) {
  const { node, store } = contents
  const next = (letter: Letter) => documentNumber(store.code, node.terminal, 1, letter)
  terminal.out(kept ? `It is restored. What was there before is in ${kept}, whole.` : 'It is restored.')
  terminal.out(
    `The next ticket is ${next(LETTERS.ticket)}, the next receipt ${next(LETTERS.receipt)}, the next purchase ${next(LETTERS.purchase)}; everybody signs in anew, and printed codes for customers' own pages are void.`,
  )
  if (!source.made)
    terminal.out(
      `Photos and signing secret stay those of ${data}. Where the file is of another folder, copy its photos/ and secret here too.`,
    )
  else if (!source.hasSecret)
    terminal.out(
      'No signing secret was in it: where FIXPOINT_SECRET held it, set that as it was, or passcodes of devices cannot be read.',
    )
  for (const sentence of mended) terminal.out(`Put right: ${sentence}`)
  if (findings.length > 0)
    for (const line of ['NOT AS IT WAS WRITTEN, though it is restored. Look at each place:', ...findings])
      terminal.out(line)
  if (!noted)
    terminal.out(
      `A note beside the backup could not be written: do not restore it on a second machine, or both give out ${node.terminal}.`,
    )
}

/** A terminal of head office lacks thousands, which are there. */
const MOST_NAMED = 20

const saidOf = ({ written_at }: Contents) => (written_at === null ? 'never' : said(written_at))

const said = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
