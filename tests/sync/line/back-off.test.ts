import { expect, test } from 'vitest'
import { DatabaseBusy, DatabaseDamaged } from '../../../db/errors.ts'
import { waitAfter } from '../../../server/sync/agent/back-off.ts'
import { failureOf, LineError, Stopped } from '../../../server/sync/agent/errors.ts'
import { ParentRefused, ReplyBroken } from '../../../server/sync/agent/send.ts'

const SECOND = 1_000
const waits = (error: unknown, inARow: number) => [0, 1].map((random) => waitAfter(failureOf(error), inARow, random))

test('waits are drawn from nothing to a limit that doubles from one second to a minute', () => {
  const gone = new LineError('no-line', 'gone')
  expect([1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((inARow) => waits(gone, inARow)[1]! / SECOND)).toEqual([
    1, 2, 4, 8, 16, 32, 60, 60, 60,
  ])
  expect(waits(gone, 9)[0]).toBe(250)
})

test('a shop that lost its own network tries within a second; one of a fleet that lost head office is spread over twenty', () => {
  expect(waits(new LineError('no-line', 'gone'), 1)).toEqual([250, SECOND])
  expect(waits(new LineError('away', 'closed'), 1)).toEqual([250, 20.25 * SECOND])
  expect(waits(new LineError('away', 'closed'), 2)).toEqual([250, 2 * SECOND])
})

test('what head office asks for is never cut short, and never longer than ten minutes and a half of that', () => {
  const asked = (seconds: number) => new LineError('busy', 'full', seconds * SECOND)
  expect(waits(asked(7), 1)).toEqual([7 * SECOND, 10.5 * SECOND])
  expect(waits(asked(7), 50)).toEqual([7 * SECOND, 10.5 * SECOND])
  expect(waits(asked(999_999), 1)).toEqual([600 * SECOND, 900 * SECOND])
})

test('what needs a person is looked at again by itself, each half minute to minute', () => {
  expect(waits(new Stopped('fork'), 1)).toEqual([250, SECOND])
  expect(waits(new Stopped('fork'), 2)).toEqual([30 * SECOND, 60 * SECOND])
})

test.each([
  [new LineError('revoked', 'out'), 'revoked', true],
  [new LineError('certificate', 'who'), 'certificate', true],
  [new LineError('no-line', 'gone'), null, true],
  [new LineError('busy', 'full', 1), null, false],
  [new ReplyBroken('nonsense'), null, true],
  [new Stopped('too-old'), 'too-old', false],
  [new ParentRefused({ error: 'fork', detail: '' }), 'fork', true],
  [new ParentRefused({ error: 'gap', detail: '' }), 'fork', true],
  [new ParentRefused({ error: 'snapshot', detail: '' }), 'away-too-long', false],
  [new ParentRefused({ error: 'malformed', detail: '' }), 'refused', false],
  [Object.assign(new Error('full'), { code: 'SQLITE_FULL' }), 'disk-full', false],
  [new DatabaseDamaged(), 'damaged', false],
  [new DatabaseBusy(), null, false],
  [new TypeError('a mistake of ours'), 'trouble', false],
])('%s needs %s', (error, needs, isLine) => {
  expect(failureOf(error)).toMatchObject({ needs, isLine })
})
