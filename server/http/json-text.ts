import { LONG_NUMBER } from '../domain/money/written-number.ts'

/** Looking at each value costs a hundred times what parsing does: a text longer than this would hold up everybody else. */
const MAX_CHECKED_CHARACTERS = 131_072

/**
 * JSON as a value. Numbers are doubles, but for those that a double may not hold, which keep their digits (see
 * `written-number.ts`): only a text that has one pays for looking at each of its values.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const plain = text.length > MAX_CHECKED_CHARACTERS || !LONG_NUMBER.test(text)
  return plain ? JSON.parse(text) : JSON.parse(text, keepDigits)
}

/** A number that is the whole text is no field of anything. */
const keepDigits = (key: string, value: unknown, { source }: { source?: string }) =>
  typeof value === 'number' && key !== '' && LONG_NUMBER.test(source!) ? JSON.rawJSON(source!) : value

const PLAIN_VALUE = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
const SPACE = /[ \t\n\r]*/y

/** Where a text stops being JSON, in characters (code points), as Python's decoder counts: that is what clients were told. */
export function errorPosition(text: string): number {
  const before = text.slice(0, firstErrorIndex(text))
  return [...before].length
}

/** Walks the text without recursion, however deep it is. */
function firstErrorIndex(text: string): number {
  const openBrackets: string[] = []
  let index = spaceEnd(text, 0)
  for (let expected: 'value' | 'key' | 'first' | 'next' = 'value'; index < text.length; index = spaceEnd(text, index)) {
    const character = text[index]!
    const inside = openBrackets.at(-1)
    if (expected === 'next') {
      if (character === inside) openBrackets.pop()
      else if (character === ',' && inside) expected = inside === '}' ? 'key' : 'value'
      else return index
      index++
    } else if (expected === 'first' && character === inside) {
      openBrackets.pop()
      expected = 'next'
      index++
    } else if (expected === 'key' || (expected === 'first' && inside === '}')) {
      const { end, error } = character === '"' ? stringEnd(text, index) : { end: index, error: index }
      if (error !== undefined) return error
      index = spaceEnd(text, end)
      if (text[index] !== ':') return index
      expected = 'value'
      index++
    } else if (character === '{' || character === '[') {
      openBrackets.push(character === '{' ? '}' : ']')
      expected = 'first'
      index++
    } else {
      const { end, error } = character === '"' ? stringEnd(text, index) : plainEnd(text, index)
      if (error !== undefined) return error
      expected = 'next'
      index = end
    }
  }
  return index
}

/** Where the string that begins at `from` ends; one that never does is at fault from its beginning. */
function stringEnd(text: string, from: number): { end: number; error?: number } {
  for (let index = from + 1; index < text.length;) {
    const character = text[index]!
    if (character === '"') return { end: index + 1 }
    const end = character === '\\' ? matchEnd(ESCAPE, text, index) : character < ' ' ? undefined : index + 1
    if (end === undefined) return { end: index, error: text.startsWith('\\u', index) ? index + 1 : index }
    index = end
  }
  return { end: text.length, error: from }
}

function plainEnd(text: string, from: number): { end: number; error?: number } {
  const end = matchEnd(PLAIN_VALUE, text, from)
  return end === undefined ? { end: from, error: from } : { end }
}

const spaceEnd = (text: string, index: number) => (text[index]! > ' ' ? index : matchEnd(SPACE, text, index)!)

function matchEnd(pattern: RegExp, text: string, index: number): number | undefined {
  pattern.lastIndex = index
  return pattern.test(text) ? pattern.lastIndex : undefined
}
