import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { CLOCK_TOLERANCE } from '../../../server/domain/time/clock-judgement.ts'
import { compare, merge, parse, receive, tick } from '../../../server/domain/time/hybrid-clock.ts'

const HERE = '0a0b0c0d'
const THERE = 'f0000001'
const NOON = Date.UTC(2026, 10, 20, 12)

const instant = fc.integer({ min: 0, max: 2 ** 48 - 2 })
const near = fc.integer({ min: NOON - 5, max: NOON + 5 })
const counter = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 1, 0xfffe, 0xffff))
const nodeHash = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((n) => n.toString(16).padStart(8, '0'))
const stamp = fc.tuple(fc.oneof(near, instant), counter, nodeHash).map(([ms, n, node]) => written(ms, n, node))

function written(ms: number, n: number, node = HERE) {
  return `${ms.toString(16).padStart(12, '0')}-${n.toString(16).padStart(4, '0')}-${node}`
}

test('a stamp reads as time, counter and node, of one width', () => {
  expect(tick(null, NOON, HERE)).toBe(written(NOON, 0))
  expect(parse(tick(null, NOON, HERE))).toEqual({ ms: NOON, counter: 0, node: HERE })
  fc.assert(
    fc.property(instant, nodeHash, (ms, node) => {
      expect(tick(null, ms, node)).toBe(written(ms, 0, node))
    }),
  )
})

test('stamps sort as text by time, then counter, then node', () => {
  const part = fc.record({ ms: instant, n: counter, node: nodeHash })
  fc.assert(
    fc.property(part, part, (a, b) => {
      const order = a.ms - b.ms || a.n - b.n || (a.node === b.node ? 0 : a.node < b.node ? -1 : 1)
      expect(compare(written(a.ms, a.n, a.node), written(b.ms, b.n, b.node))).toBe(Math.sign(order))
    }),
  )
})

test('every tick is later than the one before, wherever the wall clock jumps', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(near, instant), { minLength: 2, maxLength: 100 }), (times) => {
      let last: string | null = null
      for (const now of times) {
        const next: string = tick(last, now, HERE)
        if (last !== null) expect(next > last).toBe(true)
        expect(parse(next).ms).toBeGreaterThanOrEqual(now)
        last = next
      }
    }),
  )
})

test('a wall clock that jumps back an hour moves the counter alone', () => {
  const last = tick(null, NOON, HERE)
  expect(tick(last, NOON - 3_600_000, HERE)).toBe(written(NOON, 1))
})

test('a wall clock that goes on starts the counter anew', () => {
  expect(tick(written(NOON, 77), NOON + 1, HERE)).toBe(written(NOON + 1, 0))
})

test('a counter that is used up carries into the milliseconds', () => {
  expect(tick(written(NOON, 0xfffe), NOON, HERE)).toBe(written(NOON, 0xffff))
  expect(tick(written(NOON, 0xffff), NOON, HERE)).toBe(written(NOON + 1, 0))
  expect(tick(written(0xffffff, 0xffff), 0, HERE)).toBe(written(0x1000000, 0))
})

test('100,000 stamps in one millisecond are all different and in order', () => {
  let last = tick(null, NOON, HERE)
  for (let i = 0; i < 100_000; i++) {
    const next = tick(last, NOON, HERE)
    if (next <= last) expect.fail(`${next} is not later than ${last}`)
    last = next
  }
  expect(parse(last)).toEqual({ ms: NOON + 1, counter: 100_000 - 0x10000, node: HERE })
})

describe('hearing other nodes', () => {
  it('makes the next tick later than all that was heard', () => {
    fc.assert(
      fc.property(stamp, fc.array(stamp, { minLength: 1 }), fc.oneof(near, instant), (own, heard, now) => {
        const state = heard.reduce((last, remote) => merge(last, remote, now, HERE), own)
        const next = tick(state, now, HERE)
        for (const before of [own, ...heard]) expect(next > before).toBe(true)
      }),
    )
  })

  it('comes to the same state in every order and however often', () => {
    const shuffled = fc
      .array(stamp, { minLength: 1, maxLength: 20 })
      .chain((heard) => fc.tuple(fc.constant(heard), fc.shuffledSubarray(heard, { minLength: heard.length })))
    fc.assert(
      fc.property(fc.option(stamp), shuffled, fc.oneof(near, instant), (own, [heard, again], now) => {
        const hear = (last: string | null, remote: string) => merge(last, remote, now, HERE)
        const once = heard.reduce(hear, own)
        expect(again.reduce(hear, own)).toBe(once)
        expect([...heard, ...again].reduce(hear, own)).toBe(once)
      }),
    )
  })

  it('never moves the clock back', () => {
    fc.assert(
      fc.property(stamp, stamp, instant, (own, remote, now) => {
        expect(merge(own, remote, now, HERE).slice(0, 17) >= own.slice(0, 17)).toBe(true)
      }),
    )
  })

  it('takes a stamp up to ten minutes ahead as it is', () => {
    const remote = written(NOON + CLOCK_TOLERANCE, 9, THERE)
    expect(receive(null, remote, NOON, HERE)).toEqual({
      hlc: written(NOON + CLOCK_TOLERANCE, 9),
      stamp: remote,
      clamped: false,
    })
  })

  it('clamps and flags a stamp further ahead, and keeps the clock within the tolerance', () => {
    const {
      hlc,
      stamp: judged,
      clamped,
    } = receive(written(NOON, 3), written(NOON + CLOCK_TOLERANCE + 1, 9, THERE), NOON, HERE)
    expect(clamped).toBe(true)
    expect(judged).toBe(written(NOON + CLOCK_TOLERANCE, 0, THERE))
    expect(hlc).toBe(written(NOON + CLOCK_TOLERANCE, 0))
    expect(parse(tick(hlc, NOON, HERE)).ms).toBe(NOON + CLOCK_TOLERANCE)
  })

  it('is carried ahead by the tolerance at most, however many stamps a clock a year ahead wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(instant, counter), { maxLength: 30 }), fc.nat(1000), (stamps, moves) => {
        let hlc = written(NOON, 3)
        for (const [ms, n] of stamps) ({ hlc } = receive(hlc, written(ms, n, THERE), NOON + moves, HERE))
        expect(parse(hlc).ms).toBeLessThanOrEqual(NOON + moves + CLOCK_TOLERANCE)
      }),
    )
  })

  it('never judges a later stamp of a node as an earlier one, wherever its own clock jumps', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(instant, near, fc.boolean()), { maxLength: 30 }), (heard) => {
        let [own, remote, judged] = [written(NOON, 3), written(NOON, 0, THERE), '']
        for (const [there, now, ticks] of heard) {
          remote = tick(remote, there, THERE)
          const { hlc, stamp } = receive(own, remote, now, HERE)
          expect(stamp >= judged).toBe(true)
          ;[own, judged] = [ticks ? tick(hlc, now, HERE) : hlc, stamp]
        }
      }),
    )
  })

  it('accepts whatever time a well-formed stamp claims', () => {
    fc.assert(
      fc.property(stamp, near, (remote, now) => {
        const { hlc, stamp: judged } = receive(null, remote, now, HERE)
        expect(parse(judged).ms).toBeLessThanOrEqual(now + CLOCK_TOLERANCE)
        expect(parse(hlc).ms).toBeGreaterThanOrEqual(now)
      }),
    )
  })
})

test('what is no stamp, node or time is refused', () => {
  const malformed = [
    '',
    'x',
    written(NOON, 0).toUpperCase(),
    written(NOON, 0) + '0',
    written(NOON, 0).replace('-', '_'),
  ]
  for (const text of malformed) expect(() => parse(text)).toThrow(TypeError)
  expect(() => receive(null, 'z'.repeat(26), NOON, HERE)).toThrow(TypeError)
  expect(() => tick('short', NOON, HERE)).toThrow(TypeError)
  expect(() => tick(null, NOON, 'node')).toThrow(TypeError)
  for (const ms of [-1, NaN, Infinity, 2 ** 48]) expect(() => tick(null, ms, HERE)).toThrow(RangeError)
})
