import { hash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestOf, GENESIS, type JournalEntry, linkOf } from '../../../server/domain/chain.ts'
import {
  cut, type Heard, MOST_BYTES, MOST_DOWN, MOST_OF_TRANSACTION, MOST_UP, type Op, placePush, printOp, printPush, printRuns,
  readRuns,
} from '../../../server/sync/core/op.ts' // oxfmt-ignore
import { linkPush, readPush } from './whole-push.ts'

const sha256 = (text: string) => hash('sha256', text, 'base64url')
const ORIGIN = 5

const hlc = fc
  .tuple(fc.nat(2 ** 40), fc.nat(0xffff))
  .map(([ms, n]) => `${ms.toString(16).padStart(12, '0')}-${n.toString(16).padStart(4, '0')}-0a0b0c0d`)
const words = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'))
const body = fc.option(words.map((note) => JSON.stringify({ note, cost_cents: 1 })))
const entry = fc.record({
  hlc,
  at: fc.nat(),
  actor: fc.option(fc.nat()),
  device: fc.option(words),
  act: words,
  entity: fc.constantFrom('repair_order', 'user'),
  row_id: fc.nat(),
  kind: fc.constantFrom('put', 'patch', 'del', 'event'),
  before: body,
  after: body,
  salt: words,
  erased: fc.boolean(),
  /** Whether it goes on the transaction of the one before. */
  goesOn: fc.boolean(),
})
const chainFrom = (from: number) =>
  fc.array(entry, { minLength: 1, maxLength: 12 }).map((written) => {
    const entries: JournalEntry[] = []
    let chain = from === 1 ? GENESIS : 'chain-before'
    for (const [index, { erased, goesOn, before, after, salt, ...rest }] of written.entries()) {
      const seq = from + index
      const tx = goesOn && index > 0 ? entries[index - 1]!.tx : seq
      const digest = digestOf(sha256, salt, before, after)
      const header = { origin: ORIGIN, epoch: 2, seq, tx, schema: 26, ...rest }
      chain = linkOf(sha256, chain, header, digest)
      const text = erased ? { before: null, after: null, salt: null } : { before, after, salt }
      entries.push({ ...header, ...text, digest, chain })
    }
    return entries
  })
const someChain = fc.constantFrom(1, 40).chain(chainFrom)
const before = (entries: readonly JournalEntry[]) => (entries[0]!.seq === 1 ? GENESIS : 'chain-before')
const sent = (entries: readonly JournalEntry[]): unknown =>
  JSON.parse(JSON.stringify(printPush(before(entries), entries)))

function read(payload: unknown) {
  const push = readPush(ORIGIN, payload)
  if (!push.ok) throw new Error(`${push.reason}: ${push.detail}`)
  return push.value
}

test('what is pushed is at the parent what the journal has, erased bodies too, and its chain holds', () => {
  fc.assert(
    fc.property(someChain, (entries) => {
      expect(linkPush(sha256, read(sent(entries)))).toEqual(entries)
    }),
  )
})

test('a push of which anything was changed on the way does not come to its chain, or is no push', () => {
  const changed = someChain.chain((entries) => fc.tuple(fc.constant(entries), fc.nat(entries.length - 1), fc.nat(12)))
  fc.assert(
    fc.property(changed, ([entries, at, part]) => {
      const payload = sent(entries) as { ops: unknown[][] }
      const op = payload.ops[at]!
      const index = part % op.length
      op[index] = typeof op[index] === 'number' ? op[index] + 1 : op[index] === null ? 'x' : `${op[index] as string}x`
      const push = readPush(ORIGIN, payload)
      expect(push.ok ? linkPush(sha256, push.value) : null).toBe(null)
    }),
  )
})

test('an op that is left out, moved or added is found', () => {
  const three = chainFrom(1).filter((entries) => entries.length > 2)
  fc.assert(
    fc.property(three, (entries) => {
      const payload = () => sent(entries) as { ops: unknown[][]; chain: string }
      const [short, twice, moved] = [payload(), payload(), payload()]
      short.ops.splice(1, 1)
      twice.ops.splice(1, 0, twice.ops[1]!)
      moved.ops.reverse()
      for (const body of [short, twice, moved]) expect(readPush(ORIGIN, body).ok).toBe(false)
      const cutOff = payload()
      cutOff.ops.pop()
      expect(linkPush(sha256, read(cutOff))).toBe(null)
    }),
  )
})

/** Anything that JSON can say, and pushes of which one part is anything. */
const broken = fc.oneof(
  fc.jsonValue(),
  fc
    .tuple(someChain, fc.constantFrom('epoch', 'schema', 'from', 'chain_before', 'ops', 'chain'), fc.jsonValue())
    .map(([entries, name, value]) => ({ ...(sent(entries) as object), [name]: value })),
  fc.tuple(someChain, fc.nat(), fc.nat(13), fc.oneof(fc.nat(3), fc.jsonValue())).map(([entries, at, part, value]) => {
    const payload = sent(entries) as { ops: unknown[][] }
    payload.ops[at % payload.ops.length]![part] = value
    return payload
  }),
)

test('whatever is sent is read or refused with a reason, up and down, and nothing else is thrown', () => {
  const reasons = new Set<string>()
  fc.assert(
    fc.property(broken, (payload) => {
      const push = readPush(ORIGIN, payload)
      if (push.ok) linkPush(sha256, push.value)
      else reasons.add(push.reason)
      const down = readRuns(Array.isArray(payload) ? payload : [payload])
      if (!down.ok) reasons.add(down.reason)
    }),
    { numRuns: 3_000 },
  )
  expect(reasons).toContain('malformed')
  expect(reasons).toContain('out-of-order')
})

const NOBODY = {
  actor: null,
  device: null,
  act: 'test',
  entity: 'brand',
  kind: 'put',
  before: null,
  after: '{}',
  salt: 's',
}
const opAt = (seq: number, tx: number): Op => ({
  ...NOBODY, origin: ORIGIN, epoch: 1, schema: 1, seq, tx, hlc: '0000000003e8-0000-0a0b0c0d', at: 1, row_id: 1, digest: null,
}) // oxfmt-ignore
const pushOf = (ops: readonly Op[]) => ({
  epoch: 1, schema: 1, from: ops[0]!.seq, chain_before: GENESIS, ops: ops.map(printOp), chain: 'x',
}) // oxfmt-ignore
const reasonOf = (ops: readonly Op[]) => {
  const push = readPush(ORIGIN, pushOf(ops))
  return push.ok ? null : push.reason
}
const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

test('a push begins with a transaction and never within one', () => {
  expect(reasonOf([opAt(4, 3), opAt(5, 3)])).toBe('split-transaction')
  expect(reasonOf([opAt(3, 3), opAt(4, 2)])).toBe('split-transaction')
  expect(reasonOf([opAt(3, 3), opAt(4, 3), opAt(5, 5)])).toBe(null)
})

test('a push has 500 ops at most, or one transaction of 20,000', () => {
  expect(reasonOf(range(1, MOST_UP).map((seq) => opAt(seq, seq)))).toBe(null)
  expect(reasonOf(range(1, MOST_UP + 1).map((seq) => opAt(seq, seq)))).toBe('too-many')
  expect(reasonOf(range(1, MOST_OF_TRANSACTION).map((seq) => opAt(seq, 1)))).toBe(null)
  expect(reasonOf(range(1, MOST_OF_TRANSACTION + 1).map((seq) => opAt(seq, 1)))).toBe('too-many')
})

test('what no database gives back as it was is refused: a NUL, half a pair, a number that is none', () => {
  const odd = [
    { act: 'a\0b' },
    { device: '\ud800' },
    { after: '{"note":"\0"}' },
    { row_id: 2 ** 53 },
    { row_id: 1.5 },
    { at: -1 },
  ]
  for (const part of odd) expect(reasonOf([{ ...opAt(1, 1), ...part }]), JSON.stringify(part)).toBe('malformed')
})

const chained = (count: number) => {
  let chain: string = GENESIS
  return range(1, count).map((seq): JournalEntry => {
    const op = opAt(seq, seq)
    const digest = digestOf(sha256, 's', null, '{}')
    chain = linkOf(sha256, chain, op, digest)
    return { ...op, digest, chain }
  })
}

test('a parent takes what follows its head, skips what it has, and answers a gap or another chain with its head', () => {
  const entries = chained(10)
  const chainAt = (seq: number) => (seq === 0 ? GENESIS : entries[seq - 1]?.chain)
  const headAt = (seq: number) => ({ seq, chain: chainAt(seq)! })
  const place = (head: { seq: number; chain: string }, from: number, to: number) => {
    const part = entries.slice(from - 1, to)
    const placed = placePush(head, { from, chain_before: chainAt(from - 1)! }, part, chainAt)
    return placed.state === 'news' ? placed.entries.map(({ seq }) => seq) : placed.state
  }
  expect(place(headAt(0), 1, 3)).toEqual([1, 2, 3])
  expect(place(headAt(2), 1, 4)).toEqual([3, 4])
  expect(place(headAt(4), 1, 4)).toEqual([])
  expect(place(headAt(6), 1, 4)).toEqual([])
  expect(place(headAt(2), 4, 6)).toBe('gap')
  expect(place({ seq: 2, chain: 'another' }, 3, 4)).toBe('fork')
  expect(place({ seq: 3, chain: 'another' }, 2, 4)).toBe('fork')
  const other = placePush(headAt(0), { from: 1, chain_before: 'another' }, entries, chainAt)
  expect(other.state).toBe('fork')
})

test('ops of one chain, schema and clock say so once on their way down, and come out as they went in', () => {
  const heard = fc.array(
    fc.tuple(chainFrom(1), fc.nat(3), fc.option(hlc)).map(([entries, origin, stamp]): Heard[] =>
      entries.map(({ chain: _, ...op }) => ({
        op: { ...op, origin, digest: op.salt === null ? op.digest : null },
        stamp: stamp ?? op.hlc,
      })),
    ),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(heard, (parts) => {
      const all = parts.flat()
      const runs = printRuns(all)
      expect(runs.length).toBeLessThanOrEqual(all.length)
      expect(readRuns(JSON.parse(JSON.stringify(runs)))).toEqual({ ok: true, value: all })
    }),
  )
})

test('ops are cut into bodies between transactions, never within one, and all of them are sent', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(
      lengths,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 150_000 }),
      (sizes, most, bytes) => {
        let seq = 0
        const ops = sizes.flatMap((size) => {
          const tx = seq + 1
          return range(1, size).map(() => opAt(++seq, tx))
        })
        for (let rest = ops; rest.length > 0;) {
          const count = cut(rest, most, () => bytes)
          expect(count).toBeGreaterThan(0)
          expect(rest[count]?.tx).not.toBe(rest[count - 1]!.tx)
          if (count > most) expect(new Set(rest.slice(0, count).map(({ tx }) => tx)).size).toBe(1)
          expect(count * bytes).toBeLessThan(MOST_BYTES)
          rest = rest.slice(count)
        }
      },
    ),
  )
})

test('a body has one schema, and a transaction that no body takes is refused where it is cut', () => {
  const ops = [opAt(1, 1), opAt(2, 2), { ...opAt(3, 3), schema: 2 }]
  expect(cut(ops, MOST_UP, () => 300)).toBe(2)
  const many = range(1, MOST_DOWN + 1).map((seq) => opAt(seq, seq))
  expect([MOST_UP, MOST_DOWN].map((most) => cut(many, most, () => 300))).toEqual([MOST_UP, MOST_DOWN])
  expect(() => cut([opAt(1, 1), opAt(2, 1)], MOST_UP, () => MOST_BYTES)).toThrow(RangeError)
})

test('an op of a repair takes at most 330 bytes on the wire, and 80 zipped among others', () => {
  const ops = range(1, 200).map((n): Op => {
    const after = JSON.stringify({
      status: 'Completed',
      completed_at: 1_790_000_000_000 + n * 61_000,
      picked_up_at: null,
    })
    const was = JSON.stringify({ status: 'Repairing', completed_at: null, picked_up_at: null })
    const id = (n * 7919) % 4000
    return {
      ...opAt(100_000 + n, 100_000 + n), hlc: `0194f3a1${(n * 61_000).toString(16).padStart(4, '0').slice(-4)}-0000-a1b2c3d4`,
      at: 1_790_000_000_000 + n * 61_000, actor: 4_294_967_300 + (n % 3), device: 'S1-T1', act: 'PATCH /v1/orders/:id',
      entity: 'repair_order', row_id: 4_294_967_296 + id, kind: 'patch', before: was, after,
      salt: hash('sha256', String(n), 'base64url').slice(0, 21),
    } // oxfmt-ignore
  })
  const text = JSON.stringify(ops.map(printOp))
  expect(text.length / ops.length).toBeLessThan(330)
  expect(deflateRawSync(text).length / ops.length).toBeLessThan(80)
})
