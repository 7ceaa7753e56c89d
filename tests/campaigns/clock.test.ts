import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { clockCampaign } from './clock.ts'

const ahead = 'ten years ahead'
const back = 'ten years back'

test(
  'a clock ten years ahead at a start, and ten years back while the program runs, ends and locks nothing',
  { timeout: 240_000 },
  async () => {
    const files = await freshDatabase()
    try {
      const figures = await clockCampaign(files, { rounds: 2, seed: 1, only: [back, ahead] })
      expect(figures.filter(({ reached }) => !reached)).toEqual([])
    } finally {
      await files.remove()
    }
  },
)

test('the campaign notices a program that believes its clock', { timeout: 240_000 }, async () => {
  const files = await freshDatabase()
  try {
    const figures = await clockCampaign(files, { rounds: 1, seed: 1, only: [ahead], blind: true })
    const missed = figures.filter(({ reached }) => !reached).map(({ what, result }) => `${what}: ${result}`)
    expect(missed).toContain(`WRONG: round 0, ${ahead}: the wrong clock is trusted and not contradicted`)
    expect(missed).toContainEqual(expect.stringMatching(/order \d+ is cancelled and not pending/))
  } finally {
    await files.remove()
  }
})
