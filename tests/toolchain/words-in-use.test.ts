import { readFileSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { english } from '../../renderer/i18n/en/words.ts'
import { sentencesOf, type Words } from '../renderer/sentences-of.ts'

const renderer = join(import.meta.dirname, '../../renderer')
const sources = globSync('**/*.{ts,tsx}', { cwd: renderer, exclude: ['i18n/*/**/*.ts'] }).map((file) =>
  readFileSync(join(renderer, file), 'utf8'),
)

/** Words of refusals are asked for by the code that the server answers: tests/toolchain/refusals.test.ts holds them. */
const { refusals: _, ...namespaces } = english

const QUOTED = /'([\w-]+(?:[:.][\w-]+)*)'/g
const CALLED = /\bt\(([^()`]*)/g
const FILLED = /`([\w:.-]*[:.][\w-]*\$\{[^`]*)`/g

/**
 * Which keys the strings of a source name: as they stand, or as a template, whose `${…}` fill a part between two dots. A
 * key without a group is a word like any other, and named in a call of `t` alone.
 */
function namesIn(source: string): (key: string) => boolean {
  const quoted = (text: string) => [...text.matchAll(QUOTED)].map(([, key]) => key!)
  const called = quoted([...source.matchAll(CALLED)].map(([, text]) => text).join('\n'))
  const exact = new Set([...called, ...quoted(source).filter((key) => /[:.]/.test(key))])
  const templates = [...source.matchAll(FILLED)].map(
    ([, text]) => new RegExp(`^${text!.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '[\\w-]*')}$`),
  )
  return (key) => exact.has(key) || templates.some((template) => template.test(key))
}

/** A file speaks of a namespace that it names; `frame` needs no name, and a list of keys alone stands for any. */
function namespacesOf(source: string): (namespace: string) => boolean {
  const calls = [...source.matchAll(/useTranslation\(([^)]*)\)/g)].map(([, names]) => names!)
  if (calls.length === 0) return () => true
  return (namespace) =>
    calls.some((names) => names.includes(`'${namespace}'`) || (namespace === 'frame' && names === ''))
}

const files = sources.map((source) => ({ names: namesIn(source), speaksOf: namespacesOf(source) }))

const isUsed = (namespace: string, key: string) =>
  files.some(({ names, speaksOf }) => names(`${namespace}:${key}`) || (speaksOf(namespace) && names(key)))

/** The forms for one and for many are one key in the code. */
const withoutPlural = (key: string) => key.replace(/_(zero|one|other)$/, '')

test.each(Object.entries(namespaces))('every sentence of %s is said somewhere on the page', (namespace, words) => {
  const keys = sentencesOf(words).map(([key]) => withoutPlural(key))
  expect(keys.filter((key) => !isUsed(namespace, key))).toEqual([])
})

const groupsOf = (words: Words, path = ''): [path: string, group: string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? []
      : [[path + key, JSON.stringify(value)] as [string, string], ...groupsOf(value, `${path}${key}.`)],
  )

test.each(Object.entries(namespaces))('no group of sentences stands twice in %s', (_, words) => {
  const paths = Map.groupBy(groupsOf(words), ([, group]) => group).values()
  expect([...paths].map((same) => same.map(([path]) => path)).filter((same) => same.length > 1)).toEqual([])
})
