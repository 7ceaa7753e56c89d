import { join, resolve } from 'node:path'
import { exists, finishRestore } from '../../db/file/open-file.ts'
import { DatabaseRefused } from '../../db/errors.ts'
import type { Contents } from '../../db/file/contents.ts'
import { type Config, StartRefused } from '../config.ts'
import { makeBackup, type Progress } from '../shop/backup/make-backup.ts'
import type { Manifest } from '../shop/backup/manifest.ts'
import { type Command, configOf, type Terminal } from './command.ts'
import { interruptible } from './interrupt.ts'
import { grouped, progressOf } from './progress.ts'

export const backup: Command = {
  name: 'backup',
  summary:
    'Save the database, the photos and the signing secret in one file, beside a running server or without one, and read it back to see that it is whole.',
  usage: `[DIR]

  DIR                    the folder for the file; backups/ in the data folder unless said otherwise. A disk that dies takes
                         what is on it along: name one on another disk

The file holds customers' data and the secret, unencrypted, for your eyes only. It is a tar archive: tar -xf opens it.`,
  words: { min: 0, max: 1, called: 'a folder' },
  run: async (asked) => {
    const { terminal, words } = asked
    const config = configOf(asked)
    const { database, data, version } = config
    if ('url' in database) throw new StartRefused(postgresRefusal(config))
    finishRestore(database)
    if (!exists(database))
      throw new DatabaseRefused(`There is no Fixpoint database in ${data}. Name its folder with --data.`)
    const to = resolve(words[0] ?? join(data, 'backups'))
    const progress = stepsOf(terminal)
    const { path, bytes, manifest, entries } = await interruptible((signal) =>
      makeBackup({
        data,
        file: database.file,
        withSecret: config.secret === null,
        to,
        version,
        now: Date.now,
        signal,
        progress: progress.show,
      }),
    ).finally(progress.end)
    const { rows } = manifest.database
    terminal.out(`The backup is whole: ${path}, ${(bytes / 1e6).toFixed(1)} MB.`)
    terminal.out(
      `In it: ${grouped(rows.repairs)} repairs, ${grouped(rows.people)} people, ${grouped(rows.payments)} payments, ${grouped(entries)} entries of the journal; last ticket ${lastTicketOf(manifest.database)}.`,
    )
    for (const line of missingParts(manifest, config)) terminal.out(line)
  },
}

function missingParts({ parts, missing_photos: missing }: Manifest, { data, secret }: Config): string[] {
  const lines: string[] = []
  if (missing.length > 0)
    lines.push(
      `Not in it, for their files are missing or damaged: ${grouped(missing.length)} photos. ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' …' : ''}`,
    )
  if (secret !== null)
    lines.push('No signing secret is in it, for FIXPOINT_SECRET holds it: write that down and keep it apart.')
  else if (!parts.some(({ name }) => name === 'secret'))
    lines.push(`No signing secret is in it, for none lies in ${data}: the server makes one when it first starts there.`)
  return lines
}

/** Numbers begin anew with a restore: those of before it are not counted on. */
export const lastTicketOf = ({ last, node }: Pick<Contents, 'last' | 'node'>) =>
  last.ticket ?? (node.epoch > 1 ? 'none since it was restored' : 'none')

/** Shows one step after the other. */
export function stepsOf(terminal: Terminal): { show: Progress; end: () => void } {
  let [current, shown] = ['', null as ReturnType<typeof progressOf> | null]
  return {
    show: (step, done, count) => {
      if (step !== current || !shown) {
        current = step
        shown = progressOf(terminal, step, () => performance.now(), step === 'checking' ? 'entries' : 'MB')
      }
      shown.show(done, count)
    },
    end: () => shown?.end(),
  }
}

/** PostgreSQL has its own tools; what it does not hold is saved beside them. */
export const postgresRefusal = ({ data }: Config) =>
  `A PostgreSQL database is saved by PostgreSQL itself: pg_dump -Fc --file=fixpoint.dump "$FIXPOINT_DATABASE_URL". ` +
  `Copy ${join(data, 'secret')} and ${join(data, 'photos')} to the same place. docs/backup.md says how they are put back.`
