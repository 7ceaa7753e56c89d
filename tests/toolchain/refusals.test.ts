import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { refusals } from '../../renderer/i18n/de/refusals.ts'
import { translated } from '../../renderer/ui/states/refusals.ts'

const SERVER = join(import.meta.dirname, '../../server')
/** The counter's endpoints, and what every endpoint passes through. */
const ENTRIES = ['counter/counter.ts', 'http/route.ts', 'http/guards.ts', 'http/answer-errors.ts']

/** What is told to people: the first or second argument of these, by the module `errors.ts` and the fields. */
const CALLS =
  /\b(?:badRequest|forbidden|notFound|conflict|unauthorized|HttpError|invalidField|tooMany|ruleFault|rule|breakRule|refuse)\(/g

test('every refusal that the counter can be given has German words', () => {
  const texts = refusalsOf(ENTRIES)
  expect(texts.length).toBeGreaterThan(40)
  const english = texts.filter((text) => translated(text.replaceAll('{}', 'x'), refusals) === undefined)
  expect(english).toEqual([])
})

test('words between the figures of a refusal are found', () => {
  const table = { "Status '{}' contradicts '{}'": '„{}“ widerspricht „{}“' }
  expect(translated("Status 'Paid' contradicts 'Due'", table)).toBe('„Paid“ widerspricht „Due“')
  expect(translated('Something else', table)).toBeUndefined()
})

/** The sentences in the refusals of modules and of all that they import. */
function refusalsOf(entries: readonly string[]): string[] {
  const files = new Set<string>()
  for (const entry of entries) reached(join(SERVER, entry), files)
  const sources = [...files].map((file) => readFileSync(file, 'utf8'))
  const constants = new Map(
    sources.flatMap((source) =>
      [...source.matchAll(/const (\w+)(?:: string)? =\s*(['"`])((?:\\.|(?!\2).)*)\2/g)].map(([, name, , text]) => [
        name!,
        text!,
      ]),
    ),
  )
  const texts = sources.flatMap((source) =>
    [...source.matchAll(CALLS)].flatMap(({ index, 0: call }) =>
      sentencesIn(argumentsAt(source, index + call.length), constants),
    ),
  )
  return [...new Set(texts)].toSorted()
}

function reached(file: string, found: Set<string>) {
  if (found.has(file)) return
  found.add(file)
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+\.ts)'/g))
    reached(join(dirname(file), path!), found)
}

/** The text of a call up to its closing bracket. */
function argumentsAt(source: string, start: number): string {
  let depth = 1
  let end = start
  while (depth > 0 && end < source.length) {
    const sign = source[end]!
    if (sign === '(') depth++
    else if (sign === ')') depth--
    end++
  }
  return source.slice(start, end - 1)
}

/** Whatever reads like words: a literal with a space or a capital in it, or the constant that holds one. */
function sentencesIn(args: string, constants: Map<string, string>): string[] {
  // What is named in a sentence goes first, then what is only said sometimes.
  const plain = args.replaceAll(/\$\{[^{}`]*\}/g, '{}').replaceAll(/\$\{(?:[^{}`]|`[^`]*`|\{\})*\}/g, '{}')
  const literals = [...plain.matchAll(/(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , text]) => text!)
  const named = [...args.matchAll(/\b[A-Z][A-Z_]{3,}\b/g)].flatMap(([name]) => constants.get(name) ?? [])
  return [...literals, ...named]
    .map((text) =>
      text
        .replaceAll(/\$\{[^}]*\}/g, '{}')
        .replace(/^Value error, /, '')
        .replaceAll("\\'", "'"),
    )
    .filter((text) => /\w \w/.test(text) && !/^(?:Input|String|Decimal|Unable|Field|value is)/.test(text))
}
