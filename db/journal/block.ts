import { hash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { digestOf, type JournalEntry, linkOf, writerOf } from '../../server/domain/chain.ts'
import { tick } from '../../server/domain/time/hybrid-clock.ts'
import type { EntryKind, JournalTable } from '../schema/schema.ts'
import { clockId, sha256 } from './journal.ts'
import type { Shapes } from './shapes.ts'

/**
 * A block is one row of the journal that holds entries of one transaction, a quarter of the size of a row for each. It has
 * the `seq` and `chain` of its last entry; `row_id` says how many there are, `digest` is a hash of what it holds. What follows from the rest is not kept: digests
 * from bodies and salts, links from the chain before, stamps from the first. Digest and chain are computed over the same text
 * as those of an entry alone, so packing changes neither.
 */
export type Block = Omit<JournalTable, 'kind' | 'pack'> & { kind: 'block'; pack: Buffer }

/** An entry out of a block: its link is known only from the chain before the block. */
export type BlockEntry = Omit<JournalEntry, 'chain'> & Pick<JournalTable, 'stamp'>

/** Which of the two forms a row of the journal has. */
export const isBlock = (row: JournalTable): row is JournalTable & Block => row.kind === 'block'

/** `seq` of a block's first entry. */
export const firstOf = ({ seq, row_id }: Pick<JournalTable, 'seq' | 'row_id'>): number => seq - row_id + 1

/** Entries of a block at most: what is read, and erased, at once. */
export const MAX_ENTRIES = 64

/** What a block holds cannot be read. */
export class BlockDamaged extends Error {}

// The pack: a byte that says how the rest is written, the salts, and the entries as JSON, each
// [kind, shape, row id, …values after, …values before], or [kind + ERASED, shape, row id, digest].
const PLAIN = 1
const DEFLATED = 2
const KINDS: readonly EntryKind[] = ['put', 'patch', 'del', 'event', 'erase', 'restore']
const ERASED = KINDS.length
/** A salt is 126 bits, written as 21 characters. */
const SALT_BYTES = 16
const SALT_CHARACTERS = 21
/** JSON of less gains nothing by deflating, which costs more than the rest of a small block. */
const DEFLATED_FROM = 1_024

type Item = [kind: number, shape: number, row_id: number, ...values: unknown[]]

/**
 * Packs entries of one transaction, in their order. `shapes` gets those that are new.
 * @throws BlockDamaged where the block would not give back exactly these
 */
export function packed(entries: readonly (BlockEntry & JournalEntry)[], shapes: Shapes): Block {
  const first = entries[0]!
  const { chain, seq } = entries.at(-1)!
  const { origin, epoch, tx, schema, at, actor, device, act } = first
  const block: Block = {
    origin, epoch, seq, tx, schema, at, actor, device, act, chain,
    hlc: first.hlc === firstStamp(first) ? '' : first.hlc,
    entity: '',
    row_id: entries.length,
    kind: 'block',
    before: null,
    after: null,
    salt: null,
    stamp: null,
    ...packOf(entries, shapes),
  } // oxfmt-ignore
  const given = entriesOf(block, shapes)
  if (!entries.every((entry, index) => isSame(given[index]!, entry)))
    throw new BlockDamaged('These entries are not of one transaction, or have another form.')
  return block
}

/** The entries of a block. @throws BlockDamaged */
export function entriesOf(block: Block, shapes: Shapes): BlockEntry[] {
  const { salts, items } = contentsOf(block)
  const { origin, epoch, tx, schema, at, actor, device, act, row_id: count } = block
  if (items.length !== count) throw new BlockDamaged(`It has ${items.length} entries instead of ${count}.`)
  const stamps = stampsOf(block)
  return items.map((item, index) => {
    const [seq, hlc] = [firstOf(block) + index, stamps[index]!]
    const body = bodyOf(item, salts[index]!, shapes)
    return { origin, epoch, seq, tx, hlc, stamp: null, schema, at, actor, device, act, ...body }
  })
}

/** The block with the bodies of these entries gone; its chain stays as it is. */
export function withoutBodies(block: Block, seqs: ReadonlySet<number>, shapes: Shapes): Block {
  const entries = entriesOf(block, shapes).map((entry) =>
    seqs.has(entry.seq) ? { ...entry, before: null, after: null, salt: null } : entry,
  )
  return { ...block, ...packOf(entries, shapes) }
}

/** The chain after the last of `entries`, which follow each other. */
export const chainAfter = (chain: string, entries: readonly BlockEntry[]): string =>
  entries.reduce((before, entry) => linkOf(sha256, before, entry, entry.digest), chain)

/** Whether what a block holds is as it was packed: tells bodies that were changed from what stands beside them. */
export const isAsPacked = ({ pack, digest }: Block): boolean => digestOfPack(pack) === digest

const digestOfPack = (pack: Buffer) => hash('sha256', pack, 'base64url').slice(0, 16)

/** The stamps of a block's entries. Where its time or stamp is none they are all the same, and no chain holds with them. */
function stampsOf(block: Block): string[] {
  const { at, hlc, row_id: count } = block
  try {
    const stamps = [hlc || firstStamp(block)]
    for (let last = stamps[0]!; stamps.length < count; stamps.push(last)) last = tick(last, at, last.slice(18))
    return stamps
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error
    return Array.from({ length: count }, () => hlc)
  }
}

/** What a chain's clock says first at `at`. */
const firstStamp = ({ at, origin, epoch }: Pick<JournalTable, 'at' | 'origin' | 'epoch'>) =>
  tick(null, at, clockId({ id: writerOf(origin), epoch }))

const COMPARED = [
  'origin', 'epoch', 'seq', 'tx', 'hlc', 'stamp', 'schema', 'at', 'actor', 'device', 'act', 'entity', 'row_id', 'kind', 'before',
  'after', 'salt', 'digest',
] as const satisfies readonly (keyof BlockEntry)[] // oxfmt-ignore

const isSame = (given: BlockEntry, entry: BlockEntry) => COMPARED.every((field) => given[field] === entry[field])

function packOf(entries: readonly BlockEntry[], shapes: Shapes): Pick<Block, 'pack' | 'digest'> {
  const json = Buffer.from(JSON.stringify(entries.map((entry) => itemOf(entry, shapes))))
  const deflated = json.length >= DEFLATED_FROM ? deflateRawSync(json) : json
  const form = deflated.length < json.length ? DEFLATED : PLAIN
  const salts = entries.map(({ salt }) => Buffer.from(`${salt ?? 'A'.repeat(SALT_CHARACTERS)}A`, 'base64url'))
  const pack = Buffer.concat([
    Buffer.of(form),
    ...salts.map((salt) => salt.subarray(0, SALT_BYTES)),
    form === DEFLATED ? deflated : json,
  ])
  return { pack, digest: digestOfPack(pack) }
}

function itemOf({ kind, entity, row_id, before, after, salt, digest }: BlockEntry, shapes: Shapes): Item {
  const code = KINDS.indexOf(kind as EntryKind)
  if (salt === null) return [code + ERASED, shapes.idOf(entity, []), row_id, digest]
  const [come, gone] = [fieldsOf(after), fieldsOf(before)]
  const fields = Object.keys(come ?? gone ?? {})
  return [code, shapes.idOf(entity, fields), row_id, ...valuesOf(come, fields), ...valuesOf(gone, fields)]
}

type Fields = Record<string, unknown>
const fieldsOf = (text: string | null) => (text === null ? null : (JSON.parse(text) as Fields)) // As `rows.ts` wrote it.
const valuesOf = (from: Fields | null, fields: readonly string[]) =>
  from === null ? [] : fields.map((field) => from[field])

function contentsOf({ pack, row_id: count }: Block): { salts: string[]; items: Item[] } {
  const start = 1 + count * SALT_BYTES
  // A disk may have made it any number: nothing is made room for that is not there.
  if (!(start <= pack.length)) throw new BlockDamaged(`It is too short for ${count} entries.`)
  const bytes = pack.subarray(start)
  try {
    const json = pack[0] === DEFLATED ? inflateRawSync(bytes) : bytes
    const salts = Array.from({ length: count }, (_, index) =>
      pack
        .subarray(1 + index * SALT_BYTES, 1 + (index + 1) * SALT_BYTES)
        .toString('base64url')
        .slice(0, SALT_CHARACTERS),
    )
    return { salts, items: JSON.parse(json.toString()) as Item[] } // As `packOf` wrote it, or no chain holds with it.
  } catch (error) {
    throw new BlockDamaged(`Its contents cannot be read (${(error as Error).message}).`)
  }
}

type Body = Pick<BlockEntry, 'entity' | 'row_id' | 'kind' | 'before' | 'after' | 'salt' | 'digest'>

function bodyOf(item: Item, salt: string, shapes: Shapes): Body {
  if (!Array.isArray(item)) throw new BlockDamaged('It holds something else than entries.')
  const [code, id, row_id, ...values] = item
  const shape = shapes.get(id)
  const kind = KINDS[code % ERASED]
  if (!shape || !kind) throw new BlockDamaged('It names what nobody knows.')
  const { entity } = shape
  if (code >= ERASED) return { entity, row_id, kind, before: null, after: null, salt: null, digest: String(values[0]) }
  const { length } = shape.fields
  const before = kind === 'patch' || kind === 'del' ? shape.textOf(values, kind === 'patch' ? length : 0) : null
  const after = kind === 'del' ? null : shape.textOf(values, 0)
  return { entity, row_id, kind, before, after, salt, digest: digestOf(sha256, salt, before, after) }
}
