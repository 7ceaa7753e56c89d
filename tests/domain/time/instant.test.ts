import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FIRST_MS, formatInstant, LAST_MS, parseInstant } from '../../../server/domain/time/instant.ts'

const instants = fc.integer({ min: FIRST_MS, max: LAST_MS })

test('an instant is written as Date writes it, cut to seconds', () => {
  fc.assert(
    fc.property(instants, (ms) => {
      expect(formatInstant(ms)).toBe(`${new Date(ms).toISOString().slice(0, 19)}Z`)
    }),
    { numRuns: 5_000 },
  )
})

test.each([FIRST_MS, -1, 0, 951_782_400_000, 951_868_799_999, 4_107_542_399_999, 4_107_542_400_000, LAST_MS])(
  'the edges of years and leap days are written right: %i',
  (ms) => expect(formatInstant(ms)).toBe(`${new Date(ms).toISOString().slice(0, 19)}Z`),
)

test('what is written is read again, to the second', () => {
  fc.assert(
    fc.property(instants, (ms) => {
      expect(parseInstant(formatInstant(ms))).toBe(Math.floor(ms / 1_000) * 1_000)
    }),
  )
})

test.each([
  ['2026-02-30', undefined],
  ['2026-11-28T25:00', undefined],
  ['2026-11-28T10:00+01:00', Date.UTC(2026, 10, 28, 9)],
  ['2026-11-28', Date.UTC(2026, 10, 28)],
  ['0001-01-01T00:00+01:00', undefined],
])('%s is %s', (written, ms) => expect(parseInstant(written)).toBe(ms))
