import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keyOf, forgetKey } from '../../renderer/intents.ts'

beforeEach(() => {
  const shelf = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => shelf.get(name) ?? null,
    setItem: (name: string, value: string) => void shelf.set(name, value),
  })
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const pay = (cents: number) => keyOf('POST', '/counter/tickets/1/payments', { amount_cents: cents })

test('a request that was not answered keeps its key', () => {
  expect(pay(1000)).toBe(pay(1000))
})

test('another body or another address is another intention', () => {
  expect(pay(1000)).not.toBe(pay(1001))
  expect(pay(1000)).not.toBe(keyOf('POST', '/counter/tickets/2/payments', { amount_cents: 1000 }))
})

test('once answered, the same request is a new intention', () => {
  const first = pay(1000)
  forgetKey('POST', '/counter/tickets/1/payments', { amount_cents: 1000 })
  expect(pay(1000)).not.toBe(first)
})

test('an unanswered intention is forgotten after five minutes', () => {
  const first = pay(1000)
  vi.advanceTimersByTime(5 * 60_000 + 1)
  expect(pay(1000)).not.toBe(first)
})

test('what was sent does not lie in the storage', () => {
  keyOf('POST', '/counter/intake', { passcode: 'a secret of theirs' })
  expect(localStorage.getItem('fixpoint.intents')).not.toContain('secret')
})
