import { expect, test } from 'vitest'
import { foldRuns } from '../../../renderer/features/repairs/fold-runs.ts'

const said = (...entries: [kind: string, who: string | null][]) =>
  foldRuns(entries.map(([kind, who]) => ({ kind, who }))).map((run) => `${run[0]!.kind} ${run.length}`)

test('runs of status changes and of photos are one, other things stand alone', () => {
  expect(
    said(
      ['opened', 'A'],
      ['photos', 'A'],
      ['photos', 'A'],
      ['photos', 'B'],
      ['status', 'A'],
      ['status', 'B'],
      ['message', 'A'],
      ['message', 'A'],
      ['photos', 'A'],
    ),
  ).toEqual(['opened 1', 'photos 2', 'photos 1', 'status 2', 'message 1', 'message 1', 'photos 1'])
})
