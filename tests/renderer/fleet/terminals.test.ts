import { expect, test } from 'vitest'
import { nextName } from '../../../renderer/features/fleet/next-names.ts'
import type { Terminal } from '../../../renderer/features/fleet/requests.ts'
import { isClockWrong, stateOf } from '../../../renderer/features/fleet/terminal-state.ts'

const NOW = 1_000_000_000
const SAID = {
  version: '0.1.0',
  clock_offset: 0,
  waiting: 0,
  waiting_since: null,
  photos_waiting: 0,
  troubles: 0,
  troubles_there: 0,
  same_at: null as number | null,
  differs: null as number | null,
}
const terminalSeen = (ago: number | null, more: Partial<typeof SAID> = {}): Terminal => ({
  id: 2,
  name: 'Front counter',
  terminal: 'T2',
  store_id: 1,
  is_head_office: false,
  enrolled_at: 1,
  revoked_at: null,
  heir_id: null,
  contact: ago === null ? null : { seen_at: NOW - ago, ...SAID, ...more },
})

test('a terminal that was heard within ten minutes is in step, or sending where something waits', () => {
  expect(stateOf(terminalSeen(5 * 60_000), NOW)).toBe('inStep')
  expect(stateOf(terminalSeen(5 * 60_000, { waiting: 3 }), NOW)).toBe('sending')
})

test('one of which something is put aside, here or there, is not in step', () => {
  expect(stateOf(terminalSeen(5_000, { troubles: 1, waiting: 3 }), NOW)).toBe('aside')
  expect(stateOf(terminalSeen(5_000, { troubles_there: 2 }), NOW)).toBe('aside')
  expect(stateOf(terminalSeen(5_000, { differs: 1 }), NOW)).toBe('differs')
  expect(stateOf(terminalSeen(5_000, { differs: 0 }), NOW)).toBe('inStep')
})

test('one that is not heard any more is silent, and one that never was says so', () => {
  expect(stateOf(terminalSeen(11 * 60_000), NOW)).toBe('silent')
  expect(stateOf(terminalSeen(null), NOW)).toBe('neverHeard')
})

test('what was shut out is nothing else, and head office is itself', () => {
  expect(stateOf({ ...terminalSeen(5_000), revoked_at: 2 }, NOW)).toBe('shutOut')
  expect(stateOf({ ...terminalSeen(null), is_head_office: true }, NOW)).toBe('headOffice')
})

test('a clock is wrong from a minute on, ahead or behind', () => {
  expect(isClockWrong(terminalSeen(0, { clock_offset: 59_000 }))).toBe(false)
  expect(isClockWrong(terminalSeen(0, { clock_offset: -60_000 }))).toBe(true)
  expect(isClockWrong(terminalSeen(null))).toBe(false)
})

test('the next letters are the first that nobody has, whatever the case', () => {
  expect(nextName('S', ['S1'])).toBe('S2')
  expect(nextName('T', [])).toBe('T1')
  expect(nextName('T', ['t1', 'T3'])).toBe('T2')
})
