import { expect, test } from 'vitest'
import { isDeep } from '../../server/domain/deep.ts'

const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown

test('fifty levels are not deep, one more is, a hundred thousand too', () => {
  expect([0, 50, 51, 100_000].map((levels) => isDeep(levels === 0 ? 'text' : nested(levels)))).toEqual([
    false,
    false,
    true,
    true,
  ])
})
