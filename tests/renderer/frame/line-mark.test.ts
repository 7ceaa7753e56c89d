import { expect, test } from 'vitest'
import { lineMarkOf } from '../../../renderer/frame/line/line-mark.ts'
import type { Line } from '../../../renderer/frame/line/requests.ts'

const LINE: Line = {
  line: 'up',
  since: 1_000,
  head_office: 'https://office.example.com',
  waiting: { changes: 0, oldest_at: null, photos: 0 },
  last_contact: 2_000,
  troubles: { held: 0, quarantined: 0, parked: 0 },
  aside_there: 0,
  needs: null,
  set_back_at: null,
  same_at: null,
  differs: 0,
}
const WAITING = { changes: 14, oldest_at: 1_500, photos: 0 }

test('what is on its way while the line is there is in step', () => {
  expect(lineMarkOf(LINE)).toBe('inStep')
  expect(lineMarkOf({ ...LINE, waiting: WAITING })).toBe('inStep')
})

test('without a line it says so, and how much waits', () => {
  expect(lineMarkOf({ ...LINE, line: 'down' })).toBe('noLine')
  expect(lineMarkOf({ ...LINE, line: 'down', waiting: WAITING })).toBe('waiting')
})

test('what a person has to see to comes before everything else', () => {
  expect(lineMarkOf({ ...LINE, line: 'refused', needs: 'revoked', waiting: WAITING })).toBe('needsYou')
})

test('what was put aside is no alarm for who stands here, and is not called in step either', () => {
  expect(lineMarkOf({ ...LINE, troubles: { held: 0, quarantined: 1, parked: 0 } })).toBe('aside')
  expect(lineMarkOf({ ...LINE, aside_there: 1 })).toBe('aside')
  expect(lineMarkOf({ ...LINE, aside_there: 1, line: 'down', waiting: WAITING })).toBe('waiting')
})

test('what waits for something that comes by itself needs nobody', () => {
  expect(lineMarkOf({ ...LINE, troubles: { held: 2, quarantined: 0, parked: 1 } })).toBe('inStep')
})
