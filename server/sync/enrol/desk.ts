import { dirname } from 'node:path'
import { syncFolder } from '../../../db/file/sync-folder.ts'
import { finishReplacement } from '../../../db/file/replace.ts'
import { DatabaseRefused } from '../../../db/errors.ts'
import type { Context, JoinDesk } from '../../context.ts'
import type { JoinState } from '../../domain/fleet/joining.ts'
import { conflict, HttpError } from '../../http/errors.ts'
import type { Enrolled } from '../wire.ts'
import { askToJoin, readInvitation } from './ask.ts'
import { type Joining, lineTo, openStage, planPlace, prepareTerminal, refuseHistory } from './join.ts'
import { joinRefusalOf } from './reasons.ts'

type Parts = {
  log: Context['log']
  now: () => number
  /** Aborted when the server closes. */
  signal: AbortSignal
  /** Of the database that is served now. */
  current: () => Context
  /** Lets requests wait, closes the database, runs `plan`, and opens what then lies in its place. */
  replace: (plan: () => void) => Promise<void>
}

/**
 * Lets a server that was never set up join head office while it serves: the page is told at once whether the code is good, and
 * then how far it is. One at a time.
 */
export function openJoinDesk({ log, now, signal, current, replace }: Parts): JoinDesk {
  let state: JoinState | null = null
  const isAtWork = () => state !== null && state.step !== 'failed'

  const finish = async (file: string, address: URL, enrolled: Enrolled) => {
    const line = lineTo(address, { enrolled, keys: current().keys, now })
    const send = (call: 'push' | 'pull', body: unknown) => line.send(call, body, { signal, onBytes: () => {} })
    const progress = ({ step, heard }: Joining) => {
      // By the screen no shop is brought along.
      if (step !== 'bringing') state = { step, heard: Math.max(heard, state?.heard ?? 0), failed: null }
    }
    try {
      await prepareTerminal({ file, enrolled, address, send, now, signal, progress }).finally(line.close)
      state = { step: 'placing', heard: state?.heard ?? 0, failed: null }
      await refuseHistory(current().database.db)
      await replace(() => planPlace(file, now()))
      state = null
    } catch (error) {
      log.warn({ err: error }, 'this machine could not join head office')
      state = { step: 'failed', heard: 0, failed: joinRefusalOf(error)?.code ?? null }
      dropStage(file)
    }
  }

  return {
    state: () => state,
    isAtWork,
    begin: async ({ address: written, code: typed, name }) => {
      const { config, database, keys } = current()
      if ('url' in config.database)
        throw conflict('terminal-needs-file', 'A terminal keeps its data in a file, and this server in PostgreSQL')
      if (isAtWork()) throw conflict('joining-already', 'This machine is joining head office already')
      const { file } = config.database
      state = { step: 'asking', heard: 0, failed: null }
      try {
        await refuseHistory(database.db)
        const { address, code } = readInvitation(written)
        await openStage(file)
        const asked = { address, code: typed ?? code ?? '', name: name ?? null, keys, version: config.version, signal }
        const enrolled = await askToJoin(asked)
        log.info({ head_office: address.href, node: enrolled.node['id'] }, 'head office lets this machine in')
        void finish(file, address, enrolled)
      } catch (error) {
        state = null
        dropStage(file)
        if (error instanceof DatabaseRefused) throw hasHistory()
        throw joinRefusalOf(error) ?? error
      }
    },
  }
}

const hasHistory = () => new HttpError(409, 'shop-has-history', 'This machine has a shop of its own, or a head office')

/** Without a plan nothing has happened: commands may open the database again. */
function dropStage(file: string) {
  finishReplacement(file)
  syncFolder(dirname(file))
}
