import { expect, test } from 'vitest'
import { words as german } from '../../renderer/i18n/de/refusals.ts'
import { words as english } from '../../renderer/i18n/en/refusals.ts'
import { filesReached, refusalsInSource } from './refusals-in-source.ts'

const named = refusalsInSource()
/** The counter's endpoints, and what every endpoint passes through. */
const reached = filesReached(['counter/counter.ts', 'http/route.ts', 'http/guards.ts', 'http/answer-errors.ts'])
const languages: [string, Readonly<Record<string, string>>][] = [
  ['English', english],
  ['German', german],
]

test.each(languages)('every refusal that can reach the page has %s words', (_, words) => {
  const codes = new Set(named.filter(({ file }) => reached.has(file)).map(({ code }) => code))
  expect(codes.size).toBeGreaterThan(130)
  expect([...codes].filter((code) => !words[code])).toEqual([])
})

test.each(languages)('no %s words are kept for a refusal that nothing throws', (_, words) => {
  const codes = new Set(named.map(({ code }) => code))
  expect(Object.keys(words).filter((code) => !codes.has(code))).toEqual([])
})

test.each(languages)('what the %s words name is what the refusal names', (_, words) => {
  const unknown = named.flatMap(({ code, params }) =>
    [...(words[code] ?? '').matchAll(/\{\{(\w+)\}\}/g)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'request' && !params.includes(name))
      .map((name) => [code, name]),
  )
  expect(unknown).toEqual([])
})
