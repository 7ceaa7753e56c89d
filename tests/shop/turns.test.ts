import { expect, test } from 'vitest'
import { openTurns } from '../../server/shop/turns.ts'

/** A work that goes on until it is told to end. */
function endless() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return { work: () => promise, end: resolve, fail: reject }
}

test('so many go on at once, so many wait in order, and one more is told when to come back', async () => {
  const inTurn = openTurns({ places: 2, waiting: 2 })
  const begun: number[] = []
  const works = [0, 1, 2, 3].map(endless)
  const done = works.map(({ work }, n) => inTurn(() => (begun.push(n), work())))
  expect(begun).toEqual([0, 1])
  await expect(inTurn(async () => {})).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '5' } })
  works[1]!.end()
  await done[1]
  await expect.poll(() => begun).toEqual([0, 1, 2])
  works[0]!.fail(new Error('broken'))
  await expect(done[0]).rejects.toThrow('broken')
  await expect.poll(() => begun).toEqual([0, 1, 2, 3])
  works[2]!.end()
  works[3]!.end()
  await Promise.all(done.slice(2))
  await expect(inTurn(async () => 'free')).resolves.toBe('free')
})
