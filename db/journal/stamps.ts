import { run } from '../engines/sql-text.ts'
import { QUERY, type Trx } from '../handle.ts'

/** Writes down that head office judged an entry of this node by another stamp than its own. It is not packed before. */
export async function setStamp(
  { engine, [QUERY]: query }: Trx,
  { origin, epoch, seq }: { origin: number; epoch: number; seq: number },
  stamp: string,
): Promise<void> {
  const text = 'update journal set stamp = ? where origin = ? and epoch = ? and seq = ?'
  await run(query, engine, text, [stamp, origin, epoch, seq])
}
