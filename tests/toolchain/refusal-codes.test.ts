import { expect, test } from 'vitest'
import { endpoints } from '../../server/app.ts'
import { refusalsInSource } from './refusals-in-source.ts'

const named = refusalsInSource()
const byCode = Map.groupBy(named, ({ code }) => code)

test('every code is in kebab-case', () => {
  expect(byCode.size).toBeGreaterThan(150)
  expect([...byCode.keys()].filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(code))).toEqual([])
})

test('a code has one status, one sentence and one set of names', () => {
  const meanings = [...byCode].map(([code, all]) => ({
    code,
    meanings: [...new Set(all.map(({ sentence, status, params }) => `${status} ${sentence} ${params.join()}`))],
  }))
  expect(meanings.filter((one) => one.meanings.length > 1)).toEqual([])
})

test('the codes that endpoints name are thrown, with the status that is named', () => {
  const declared = endpoints.flatMap(({ refusals = {} }) =>
    Object.entries(refusals).flatMap(([status, codes]) => Object.keys(codes).map((code) => ({ code, status }))),
  )
  expect(declared.length).toBeGreaterThan(20)
  const wrong = declared.filter(({ code, status }) => byCode.get(code)?.[0]?.status !== status)
  expect(wrong).toEqual([])
})
