import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  checkLink,
  digestOf,
  firstLinkError,
  GENESIS,
  type JournalEntry,
  type JournalHeader,
  linkOf,
} from '../../server/domain/chain.ts'

const sha256 = (text: string) => hash('sha256', text)

const header: fc.Arbitrary<Omit<JournalHeader, 'seq'>> = fc.record({
  origin: fc.nat(),
  epoch: fc.nat(9),
  tx: fc.nat(),
  hlc: fc.string(),
  schema: fc.nat(99),
  at: fc.nat(),
  actor: fc.option(fc.nat()),
  device: fc.option(fc.string()),
  act: fc.string(),
  entity: fc.string(),
  row_id: fc.nat(),
  kind: fc.constantFrom('put', 'patch', 'event', 'del'),
})
const body = fc.record({ salt: fc.string(), before: fc.option(fc.string()), after: fc.option(fc.string()) })
const journal = fc
  .array(fc.tuple(header, body), { minLength: 1, maxLength: 12 })
  .map((written) => append(written.map(([head, text], i) => ({ ...head, seq: i + 1, ...text }))))
const someEntry = journal.chain((entries) => fc.tuple(fc.constant(entries), fc.nat(entries.length - 1)))

type Unchained = JournalHeader & { salt: string; before: string | null; after: string | null }

function append(written: Unchained[]): JournalEntry[] {
  let chain = GENESIS
  return written.map((entry) => {
    const digest = digestOf(sha256, entry.salt, entry.before, entry.after)
    chain = linkOf(sha256, chain, entry, digest)
    return { ...entry, digest, chain }
  })
}

function* replaced(entries: JournalEntry[], at: number, change: Partial<JournalEntry>) {
  for (const [i, entry] of entries.entries()) yield i === at ? { ...entry, ...change } : entry
}

function other(value: unknown): string | number {
  return typeof value === 'number' ? value + 1 : `${String(value)}!`
}

test('a journal as it was written has no fault', () => {
  fc.assert(
    fc.property(journal, (entries) => {
      expect(firstLinkError(sha256, entries, GENESIS)).toBeNull()
    }),
  )
})

test('an empty journal has no fault', () => {
  expect(firstLinkError(sha256, [], GENESIS)).toBeNull()
})

describe('one field that was changed is found at its entry', () => {
  const reasons: Record<keyof JournalEntry, string> = {
    origin: 'header',
    epoch: 'header',
    seq: 'header',
    tx: 'header',
    hlc: 'header',
    schema: 'header',
    at: 'header',
    actor: 'header',
    device: 'header',
    act: 'header',
    entity: 'header',
    row_id: 'header',
    kind: 'header',
    chain: 'header',
    before: 'body',
    after: 'body',
    salt: 'body',
    digest: 'digest',
  }
  it.each(Object.entries(reasons))('%s → %s', (field, reason) => {
    fc.assert(
      fc.property(someEntry, ([entries, at]) => {
        const key = field as keyof JournalEntry // a key of the table above
        const forged = other(entries[at]?.[key])
        const seq = key === 'seq' ? forged : at + 1
        expect(firstLinkError(sha256, replaced(entries, at, { [key]: forged }), GENESIS)).toEqual({ seq, reason })
      }),
      { numRuns: 50 },
    )
  })
})

test('a field swapped for null, or null for the word null, is found', () => {
  fc.assert(
    fc.property(someEntry, fc.constantFrom('actor', 'device', 'before', 'after'), ([entries, at], field) => {
      const forged = entries[at]?.[field] === null ? 'null' : null
      expect(firstLinkError(sha256, replaced(entries, at, { [field]: forged }), GENESIS)?.seq).toBe(at + 1)
    }),
  )
})

test('a body whose text was moved between its parts is found', () => {
  expect(digestOf(sha256, 's', 'ab', null)).not.toBe(digestOf(sha256, 's', 'a', 'b'))
  expect(digestOf(sha256, 's', null, 'ab')).not.toBe(digestOf(sha256, 's', 'ab', null))
  expect(digestOf(sha256, 'sa', 'b', null)).not.toBe(digestOf(sha256, 's', 'ab', null))
  expect(digestOf(sha256, 's', 'null', null)).not.toBe(digestOf(sha256, 's', null, null))
  expect(digestOf(sha256, 's', '\ud800', null)).not.toBe(digestOf(sha256, 's', '\udbff', null))
})

test('two different changes never have one digest', () => {
  fc.assert(
    fc.property(body, body, (a, b) => {
      const same = a.salt === b.salt && a.before === b.before && a.after === b.after
      expect(digestOf(sha256, a.salt, a.before, a.after) === digestOf(sha256, b.salt, b.before, b.after)).toBe(same)
    }),
  )
})

test('an entry that was taken out is missed at the next one', () => {
  fc.assert(
    fc.property(
      journal.filter((entries) => entries.length > 2),
      (entries) => {
        expect(firstLinkError(sha256, entries.toSpliced(1, 1), GENESIS)).toEqual({ seq: 3, reason: 'header' })
      },
    ),
  )
})

test('two entries that changed places are found', () => {
  fc.assert(
    fc.property(
      journal.filter((entries) => entries.length > 1),
      ([first, second, ...rest]) => {
        expect(firstLinkError(sha256, [second!, first!, ...rest], GENESIS)).toEqual({ seq: 2, reason: 'header' })
      },
    ),
  )
})

test('a journal forged from one entry on, chain and all, no longer fits what follows', () => {
  fc.assert(
    fc.property(
      journal.filter((entries) => entries.length > 1),
      ([first, ...rest]) => {
        const forged = { ...first!, actor: 4_711_000_000 }
        const chain = linkOf(sha256, GENESIS, forged, forged.digest)
        expect(firstLinkError(sha256, [{ ...forged, chain }, ...rest], GENESIS)).toEqual({ seq: 2, reason: 'header' })
      },
    ),
  )
})

test('erased bodies still pass', () => {
  fc.assert(
    fc.property(journal, fc.nat(), (entries, mask) => {
      const gone = { before: null, after: null, salt: null }
      const erased = entries.map((entry, i) => ((mask >> i) & 1 ? { ...entry, ...gone } : entry))
      expect(firstLinkError(sha256, erased, GENESIS)).toBeNull()
    }),
  )
})

test('a tampered header or digest is found although the body was erased', () => {
  fc.assert(
    fc.property(someEntry, fc.constantFrom('digest', 'actor', 'chain'), ([entries, at], field) => {
      const change = { before: null, after: null, salt: null, [field]: other(entries[at]?.[field]) }
      expect(firstLinkError(sha256, replaced(entries, at, change), GENESIS)?.seq).toBe(at + 1)
    }),
  )
})

test('a salt taken alone is no erasure', () => {
  const [entry] = append([
    {
      origin: 0,
      epoch: 0,
      seq: 1,
      tx: 1,
      hlc: 'h',
      schema: 1,
      at: 0,
      actor: null,
      device: null,
      act: 'a',
      entity: 'e',
      row_id: 1,
      kind: 'put',
      salt: '',
      before: null,
      after: '{}',
    },
  ])
  expect(checkLink(sha256, GENESIS, { ...entry!, salt: null })).toEqual({ seq: 1, reason: 'body' })
})

test('a walk stops at the first fault and reads no further', () => {
  const entries = fc.sample(
    journal.filter((list) => list.length > 3),
    1,
  )[0]!
  let read = 0
  function* counted() {
    for (const entry of replaced(entries, 1, { act: 'forged' })) {
      read++
      yield entry
    }
  }
  expect(firstLinkError(sha256, counted(), GENESIS)?.seq).toBe(2)
  expect(read).toBe(2)
})
