import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counterFloor, afterLostIds, mintId, NODE_SPAN, nodeOf } from '../../server/domain/ids.ts'

const node = fc.integer({ min: 0, max: 2 ** 20 - 1 })
const number = fc.integer({ min: 1, max: 2 ** 32 - 1 })

test('a standalone shop counts 1, 2, 3', () => {
  expect([1, 2, 3].map((n) => mintId(0, n))).toEqual([1, 2, 3])
})

test('an id tells its node and is an exact number', () => {
  fc.assert(
    fc.property(node, number, (where, n) => {
      const id = mintId(where, n)
      expect(nodeOf(id)).toBe(where)
      expect(id - where * NODE_SPAN).toBe(n)
      expect(Number.isSafeInteger(id)).toBe(true)
    }),
  )
})

test('a node mints within its span alone', () => {
  const outside = [
    [-1, 1],
    [2 ** 20, 1],
    [0.5, 1],
    [0, 0],
    [0, 2 ** 32],
    [0, 1.5],
    [0, NaN],
  ] as const
  for (const [where, n] of outside) expect(() => mintId(where, n)).toThrow(RangeError)
})

test('an id after a restore passes every number minted before it', () => {
  expect([0, 1, 2 ** 24 - 1, 2 ** 24].map((n) => afterLostIds(n))).toEqual([2 ** 24, 2 ** 24, 2 ** 24, 2 ** 25])
  fc.assert(
    fc.property(number, (n) => {
      expect(afterLostIds(n)).toBeGreaterThan(n)
      expect(afterLostIds(n) % 2 ** 24).toBe(0)
      expect(afterLostIds(n) - n).toBeLessThanOrEqual(2 ** 24)
    }),
  )
})

test('what two epochs mint never meets, whichever of the two a backup comes from', () => {
  const epoch = fc.integer({ min: 1, max: 200 })
  const minted = fc.integer({ min: 1, max: 2 ** 24 - 1 })
  fc.assert(
    fc.property(epoch, epoch, minted, minted, (backup, more, before, lost) => {
      const next = backup + more
      expect(afterLostIds(counterFloor(backup) + before, more)).toBe(counterFloor(next))
      expect(counterFloor(next)).toBeGreaterThan(counterFloor(next - 1) + lost)
    }),
  )
})
