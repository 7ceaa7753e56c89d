import { BlockDamaged, type Block, type BlockEntry, entriesOf } from '../journal/block.ts'
import { scannedShapes, type Shapes } from '../journal/shapes.ts'
import type { JournalTable } from '../schema/schema.ts'
import { columnsOf, type Scan } from './scan.ts'

/** A scan that knows the forms of the journal's rows, of an older schema too. */
export type JournalScan = Scan & {
  /** The next rows of a chain. */
  journalAfter(reached: { origin: number; epoch: number; seq: number }, limit: number): Promise<JournalTable[]>
  /** @throws BlockDamaged */
  entriesOf(block: Block): Promise<BlockEntry[]>
}

const COLUMNS = [
  'origin', 'epoch', 'seq', 'tx', 'hlc', 'schema', 'at', 'actor', 'device', 'act', 'entity', 'row_id', 'kind', 'before',
  'after', 'salt', 'digest', 'chain',
] as const satisfies readonly (keyof JournalTable)[] // oxfmt-ignore

type Raw = [
  number, number, number, number, string, number, number, number | null, string | null, string, string, number,
  JournalTable['kind'], string | null, string | null, string | null, string, string, Buffer | null, string | null,
] // oxfmt-ignore

export async function openJournalScan(scan: Scan): Promise<JournalScan> {
  const columns = await columnsOf(scan, ['journal'])
  const hasBlocks = columns.get('journal')?.includes('pack') ?? false
  const selected = [
    ...COLUMNS,
    hasBlocks ? 'pack' : 'null',
    columns.get('journal')?.includes('stamp') ? 'stamp' : 'null',
  ]
  const text = `select ${selected.join(', ')} from journal where origin = ? and epoch = ? and seq > ? order by seq limit ?`
  let shapes: Shapes | null = null
  return {
    ...scan,
    journalAfter: async ({ origin, epoch, seq }, limit) =>
      (await scan.rows(text, [origin, epoch, seq, limit])).map((raw) => rowOf(raw as Raw)),
    entriesOf: async (block) => {
      shapes ??= await scannedShapes(scan)
      try {
        return entriesOf(block, shapes)
      } catch (error) {
        if (!(error instanceof BlockDamaged)) throw error
        shapes = await scannedShapes(scan) // It may name one that has come since.
        return entriesOf(block, shapes)
      }
    },
  }
}

function rowOf(raw: Raw): JournalTable {
  const [origin, epoch, seq, tx, hlc, schema, at, actor, device, act, entity, row_id, kind] = raw
  const [, , , , , , , , , , , , , before, after, salt, digest, chain, pack, stamp] = raw
  return {
    origin, epoch, seq, tx, hlc, schema, at, actor, device, act, entity, row_id, kind, before, after, salt, digest, chain,
    pack, stamp,
  } // oxfmt-ignore
}
