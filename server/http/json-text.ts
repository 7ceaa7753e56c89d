import { LONG_NUMBER } from '../domain/money/written-number.ts'

/** Looking at each value costs a hundred times what parsing does: a text longer than this would hold up everybody else. */
const LOOKED_THROUGH = 131_072

/**
 * JSON as a value. Numbers are doubles, but for those that a double may not hold, which keep their digits (see
 * `written-number.ts`): only a text that has one pays for looking at each of its values.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const plain = text.length > LOOKED_THROUGH || !LONG_NUMBER.test(text)
  return plain ? JSON.parse(text) : JSON.parse(text, keepDigits)
}

/** A number that is the whole text is no field of anything. */
const keepDigits = (key: string, value: unknown, { source }: { source?: string }) =>
  typeof value === 'number' && key !== '' && LONG_NUMBER.test(source!) ? JSON.rawJSON(source!) : value

const PLAIN_VALUE = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
const SPACE = /[ \t\n\r]*/y

/** Where a text stops being JSON, in characters (code points), as Python's decoder counts: that is what clients were told. */
export function faultPosition(text: string): number {
  const before = text.slice(0, firstFault(text))
  return [...before].length
}

/** Walks the text without recursion, however deep it is. */
function firstFault(text: string): number {
  const open: string[] = []
  let at = spaceEnd(text, 0)
  for (let awaits: 'value' | 'key' | 'first' | 'next' = 'value'; at < text.length; at = spaceEnd(text, at)) {
    const mark = text[at]!
    const inside = open.at(-1)
    if (awaits === 'next') {
      if (mark === inside) open.pop()
      else if (mark === ',' && inside) awaits = inside === '}' ? 'key' : 'value'
      else return at
      at++
    } else if (awaits === 'first' && mark === inside) {
      open.pop()
      awaits = 'next'
      at++
    } else if (awaits === 'key' || (awaits === 'first' && inside === '}')) {
      const { end, fault } = mark === '"' ? stringEnd(text, at) : { end: at, fault: at }
      if (fault !== undefined) return fault
      at = spaceEnd(text, end)
      if (text[at] !== ':') return at
      awaits = 'value'
      at++
    } else if (mark === '{' || mark === '[') {
      open.push(mark === '{' ? '}' : ']')
      awaits = 'first'
      at++
    } else {
      const { end, fault } = mark === '"' ? stringEnd(text, at) : plainEnd(text, at)
      if (fault !== undefined) return fault
      awaits = 'next'
      at = end
    }
  }
  return at
}

/** Where the string that begins at `from` ends; one that never does is at fault from its beginning. */
function stringEnd(text: string, from: number): { end: number; fault?: number } {
  for (let at = from + 1; at < text.length;) {
    const mark = text[at]!
    if (mark === '"') return { end: at + 1 }
    const end = mark === '\\' ? matchEnd(ESCAPE, text, at) : mark < ' ' ? undefined : at + 1
    if (end === undefined) return { end: at, fault: text.startsWith('\\u', at) ? at + 1 : at }
    at = end
  }
  return { end: text.length, fault: from }
}

function plainEnd(text: string, from: number): { end: number; fault?: number } {
  const end = matchEnd(PLAIN_VALUE, text, from)
  return end === undefined ? { end: from, fault: from } : { end }
}

const spaceEnd = (text: string, at: number) => (text[at]! > ' ' ? at : matchEnd(SPACE, text, at)!)

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
