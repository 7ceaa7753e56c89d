import { expect, test } from 'vitest'
import { createFairQueue } from '../../../server/shop/photos/fair-queue.ts'

/** A work that goes on until it is told to end. */
function endless() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return { work: () => promise, end: resolve, fail: reject }
}

test('so many go on at once, so many wait in order, and one more is told when to come back', async () => {
  const inTurn = createFairQueue({ concurrency: 2, maxWaiting: 2 })
  const begun: number[] = []
  const works = [0, 1, 2, 3].map(endless)
  const done = works.map(({ work }, n) => inTurn(() => (begun.push(n), work()), n))
  expect(begun).toEqual([0, 1])
  await expect(inTurn(async () => {}, 4)).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '5' } })
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

test('who brings much neither keeps others from their turn nor from the line', async () => {
  const inTurn = createFairQueue({ concurrency: 2, maxWaiting: 2 })
  const [mine, yours] = [1, 2]
  const begun: number[] = []
  const works = [0, 1, 2, 3, 4].map(endless)
  const bring = (n: number, who: number) => inTurn(() => (begun.push(n), works[n]!.work()), who)
  const many = [0, 1, 2, 3].map((n) => bring(n, mine))
  const one = bring(4, yours)
  await expect(many[3]).rejects.toMatchObject({ status: 429, headers: { 'Retry-After': '5' } })
  works[0]!.end()
  await expect.poll(() => begun).toEqual([0, 1, 4])
  works.forEach(({ end }) => end())
  await Promise.all([one, ...many.slice(0, 3)])
  expect(begun).toEqual([0, 1, 4, 2])
})
