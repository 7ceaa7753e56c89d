import type { Logger } from 'pino'
import { beginEpoch, isLockedCopy, lockCopy } from '../../../db/journal/begin-epoch.ts'
import type { Sync } from '../take.ts'
import type { HelloReply } from '../wire.ts'
import { Stopped } from './errors.ts'
import type { Position } from './position.ts'
import { BY } from './send.ts'

/**
 * What becomes of a machine of which head office knows a later past than its own data: they were set back behind the program's back
 * (a snapshot of a virtual machine), or copied, and another machine goes on with them. Who is alone goes on as after a restore; of
 * two the one that head office goes on with stays what it is, and the other one is locked for good.
 */

export type Lives = {
  /** @throws Stopped where this machine was found to be the second of two: it asks head office for nothing any more */
  expectUnlocked(): Promise<void>
  /** Head office knows the end of this machine's chain, and nothing beyond. */
  well(): void
  /** Whether it was found to be the second of two, or that is being looked at: no call of it may look like one of a machine that is well. */
  isInDoubt(): Promise<boolean>
  /**
   * Begins a new life of this machine, where nothing was written since it `said` where its chain ends. Hello is said anew then.
   * @throws Stopped where it is not to go on, or not yet
   */
  beginAnew(reply: HelloReply, said: Pick<Position, 'epoch' | 'seq' | 'chain'>): Promise<void>
}

/** For how long nobody may have called under this machine's number before it goes on by itself, in ms: a pull is kept for less. */
const SILENT_MS = 120_000
/** For how long after it first said so a call of this machine's own may still come, in ms: a request lasts no longer. */
const UNDER_WAY_MS = 90_000

export function openLives({ database }: Pick<Sync, 'database'>, log: Logger): Lives {
  /** When it was first seen in this run, by head office's clock. */
  let since: number | null = null
  const lock = async (why: string): Promise<never> => {
    await database.write(BY, (trx) => lockCopy(trx))
    log.error(
      { why },
      'these data are a copy with which another machine goes on: this one is locked until it is enrolled anew',
    )
    throw new Stopped('copied')
  }
  return {
    expectUnlocked: async () => {
      if (await isLockedCopy(database.db)) throw new Stopped('copied')
    },
    well: () => void (since = null),
    isInDoubt: async () => since !== null || (await isLockedCopy(database.db)),
    beginAnew: async ({ server_time, latest_epoch, others_at, knows_end }, said) => {
      // An older head office: what it does not say cannot be judged.
      if (latest_epoch === undefined || others_at === undefined || knows_end === undefined) throw new Stopped('fork')
      const { epoch } = await database.db.selectFrom('self').select('epoch').executeTakeFirstOrThrow()
      if (latest_epoch > epoch) return await lock('a later life of this machine has been at head office')
      since ??= server_time
      if (others_at !== null && others_at > since + UNDER_WAY_MS)
        return await lock('another machine calls under its number')
      if (others_at !== null && server_time - others_at < SILENT_MS) throw new Stopped('fork')
      if (!knows_end) return await lock('what it wrote has the numbers of what another one has sent')
      const hasBegun = await database.write(BY, async (trx) => {
        const { node } = trx.act
        // Of what was written meanwhile head office has not said whether it knows it.
        if (node.epoch !== said.epoch || node.seq !== said.seq || node.chain !== said.chain) return false
        await beginEpoch(trx, { epoch: epoch + 1, backup_at: null, why: 'set-back' })
        return true
      })
      if (!hasBegun) return
      since = null
      log.warn(
        { epoch: epoch + 1 },
        'these data were set back to an earlier hour: this machine goes on as after a restore',
      )
    },
  }
}
