import type { Db } from '../../../../db/handle.ts'
import { DatabaseRefused } from '../../../../db/errors.ts'
import { entriesBetween } from '../../../../db/journal/entries.ts'
import { ownChains } from '../../../../db/journal/begin-epoch.ts'
import { cut, MOST_UP, printOp } from '../../core/op.ts'

/**
 * Proves that head office can be sent each transaction of this machine's own chain: one that goes into no body would keep the terminal
 * from ever sending anything again.
 * @throws DatabaseRefused for one that does not
 */
export async function refuseTooLarge(db: Db, signal: AbortSignal): Promise<void> {
  const { id: origin, epoch } = (await ownChains(db)).at(-1)!
  let sizes: number[] = []
  let ops: { origin: number; epoch: number; tx: number; schema: number }[] = []
  const prove = () => {
    signal.throwIfAborted()
    try {
      cut(ops, MOST_UP, (index) => sizes[index]!)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new DatabaseRefused(
        `Something of this shop is too large to be sent to head office (${error.message}). Nothing was changed.`,
      )
    }
    ;[sizes, ops] = [[], []]
  }
  for await (const { stamp: _, ...entry } of entriesBetween(db, { origin, epoch, after: 0 })) {
    if (ops.length > 0 && ops[0]!.tx !== entry.tx) prove()
    sizes.push(Buffer.byteLength(JSON.stringify(printOp({ ...entry, digest: null }))))
    ops.push({ origin, epoch, tx: entry.tx, schema: entry.schema })
  }
  prove()
}
