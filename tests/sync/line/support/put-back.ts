import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { insertLocal } from '../../../../db/local.ts'
import { makeBackup } from '../../../../server/shop/backup/make-backup.ts'
import { restore } from '../../../../server/shop/backup/restore.ts'
import { openSync } from '../../../../server/sync/take.ts'
import { openShop } from '../../../support/shop.ts'
import { type Member, START } from '../../support/fleet.ts'
import { secretOfNode } from '../../support/wire.ts'

/** Backups of machines of a fleet, and machines that are made of them. */

const BY = { actor: null, device: null, act: 'restore' }
const { signal } = new AbortController()

/** A folder that goes with the test. */
export function folderOfTest(): { folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-back-'))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Makes a backup of a machine whose server runs, into a folder; returns where it lies. */
export async function backUp({ context: { config }, clock }: Member, to: string): Promise<string> {
  const { data, database } = config
  if ('url' in database) throw new Error('Backups are of files')
  const { file } = database
  const wanted = { data, file, withSecret: false, to, version: '1', now: clock.now, signal, progress: () => {} }
  return (await makeBackup(wanted)).path
}

/** The machine is gone, and its server with it: a backup of it is restored into an empty folder, and a server opens that. */
export async function restoreAt(member: Member, path: string, data: string): Promise<void> {
  const { now } = member.clock
  await member[Symbol.asyncDispose]()
  const file = join(data, 'fixpoint.db')
  await restore({ path, data, file, now, by: BY, signal, progress: () => {}, found: () => {} })
  await openAgain(member, data, now())
}

/** Opens a server on what lies in a folder, as this machine, with the same person signed in. */
export async function openAgain(member: Member, folder: string, now: number): Promise<void> {
  const on = { folder, at: { file: join(folder, 'fixpoint.db') }, remove: async () => {} }
  const again = await openShop({ startsAt: now, on, ...secretFor(member) })
  Object.assign(member, again, { sync: await openSync(again.database) })
  await signInAgain(member)
}

/** Head office of a test has the secret of every shop of one. */
const secretFor = ({ node }: Member) => (node === 0 ? {} : { secret: secretOfNode(node) })

/** A new life of a machine ends all sessions. */
export async function signInAgain(member: Member): Promise<void> {
  const { database, context, call } = member
  const sid = randomUUID()
  await database.write(
    BY,
    (trx) =>
    insertLocal(trx, 'session', {
      id: sid, user_id: member.clerk.id, surface: 'v1', token_hash: null, device: null, locked_at: null, ended_at: null,
      created_at: START, expires_at: START + 90 * 86_400_000,
    }), // oxfmt-ignore
  )
  const token = context.tokens.issue({ sub: member.clerk.id, sid })
  const counter: Member['counter'] = (method, path, body) => call(method, `/counter${path}`, { token, body })
  const write: Member['write'] = (run) => database.write({ ...BY, actor: member.clerk.id }, run)
  Object.assign(member, { counter, write, clerk: { ...member.clerk, token } })
}
