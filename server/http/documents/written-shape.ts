type Json = Record<string, unknown>

/** A JSON schema as people read it: `{ email: text, email; photos?: [file] }`, a line for each field. */
export function writtenShape(schema: Json, indent = ''): string {
  const { type, properties, required = [], items, anyOf, enum: words, const: only } = schema
  if (anyOf) return (anyOf as Json[]).map((one) => writtenShape(one, indent)).join(' or ')
  if (words) return (words as unknown[]).map((word) => JSON.stringify(word)).join(' | ')
  if (only !== undefined) return JSON.stringify(only)
  if (Array.isArray(type)) return type.map((one) => writtenShape({ ...schema, type: one }, indent)).join(' or ')
  if (items) return `[${writtenShape(items as Json, indent)}]${atMost(schema['maxItems'])}`
  if (!properties) return wordOf(schema)
  const lines = Object.entries(properties as Record<string, Json>).map(([name, field]) => {
    const mark = (required as string[]).includes(name) ? '' : '?'
    return `${indent}  ${name}${mark}: ${writtenShape(field, `${indent}  `)}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

const WORDS: Record<string, string> = { string: 'text', number: 'number', integer: 'integer', boolean: 'true or false' }

function wordOf({ type, format, pattern, minLength, maxLength, minimum, maximum }: Json): string {
  if (format === 'binary') return 'file'
  const word = typeof type === 'string' ? (WORDS[type] ?? type) : 'anything'
  const rules = [
    format,
    pattern,
    minLength !== undefined && `at least ${Number(minLength)}`,
    maxLength !== undefined && maxLength !== DEFAULT_MAX_LENGTH && `at most ${Number(maxLength)}`,
    minimum !== undefined && `${Number(minimum)} or more`,
    maximum !== undefined && `${Number(maximum)} or less`,
  ].filter((rule) => !!rule)
  return [word, ...rules].join(', ')
}

/** What any text may hold goes without saying. */
const DEFAULT_MAX_LENGTH = 10_000

const atMost = (most: unknown) => (most === undefined ? '' : ` at most ${Number(most)}`)
