import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'vite'

/** Where the source names a refusal, read from the syntax of the server's files. */
export type Named = {
  code: string
  /** As the source writes it: a literal's text with `{}` for what it names, or the expression. */
  sentence: string
  status: string
  params: string[]
  /** Beside `server/`. */
  file: string
}

/** A function that makes refusals: which of its arguments is what. */
type Builder = { name: string; code: number; sentence: number; params: number; status: string | number }

/** The syntax tree, as far as it is looked at. */
type Node = { type: string; start: number; end: number; [key: string]: unknown }

const SERVER = join(import.meta.dirname, '../../server')

/** All codes in the server, each as often as it is named. Throws where a code is not written out. */
export function refusalsInSource(): Named[] {
  const files = globSync('**/*.ts', { cwd: SERVER }).map((file) => parsed(file))
  const builders = new Map(files.flatMap(({ tree, text }) => buildersIn(tree, text)).map((one) => [one.name, one]))
  return files.flatMap((file) => namedIn(file, builders))
}

/** These files of the server and all that they import, beside `server/`. */
export function filesReached(entries: readonly string[]): Set<string> {
  const found = new Set<string>()
  const follow = (path: string) => {
    const file = relative(SERVER, path)
    if (found.has(file) || file.startsWith('..')) return
    found.add(file)
    for (const [, imported] of readFileSync(path, 'utf8').matchAll(/(?:from |import\()'(\.[^']+\.ts)'/g))
      follow(join(dirname(path), imported!))
  }
  for (const entry of entries) follow(join(SERVER, entry))
  return found
}

type Parsed = { file: string; text: string; tree: Node }

function parsed(file: string): Parsed {
  const text = readFileSync(join(SERVER, file), 'utf8')
  return { file, text, tree: parseSync(file, text).program as unknown as Node }
}

/** Functions and constructors with a parameter `code: Code`. */
function buildersIn(tree: Node, text: string): Builder[] {
  const found: Builder[] = []
  walk(tree, (node) => {
    if (node.type === 'VariableDeclarator' && isFunction(node['init']))
      found.push(...builderOf(nameOf(node['id']), node['init'], text))
    if (node.type === 'FunctionDeclaration') found.push(...builderOf(nameOf(node['id']), node, text))
    if (node.type === 'ClassDeclaration')
      walk(node, (member) => {
        if (member.type === 'MethodDefinition' && member['kind'] === 'constructor')
          found.push(...builderOf(nameOf(node['id']), member['value'] as Node, text))
      })
  })
  return found
}

const SENTENCES = new Set(['detail', 'error', 'sentence', 'msg'])

function builderOf(name: string, made: Node, text: string): Builder[] {
  const params = made['params'] as Node[]
  const names = params.map((param) => nameOf(param['type'] === 'AssignmentPattern' ? param['left'] : param))
  const code = params.findIndex((param, index) => names[index] === 'code' && /: Code\b/.test(textOf(param, text)))
  if (code === -1) return []
  const own = /new HttpError\((\d+)/.exec(textOf(made, text))?.[1]
  const given = names.indexOf('status')
  const rest = params.findIndex((param) => param.type === 'ObjectPattern' || textOf(param, text).includes('params'))
  return [
    {
      name,
      code,
      sentence: names.findIndex((one) => SENTENCES.has(one)),
      params: rest,
      status: own ?? (given === -1 ? '422' : given),
    },
  ]
}

function namedIn({ file, text, tree }: Parsed, builders: Map<string, Builder>): Named[] {
  const found: Named[] = []
  walk(tree, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return
    const builder = builders.get(nameOf(node['callee']))
    const args = node['arguments'] as Node[]
    const code = builder && args[builder.code]
    if (!code || isPassedOn(code)) return
    if (code.type !== 'Literal')
      throw new Error(`${file}: the code of a refusal is not written out: ${textOf(code, text)}`)
    found.push({
      code: String(code['value']),
      sentence: sentenceOf(args[builder.sentence], text),
      status: typeof builder.status === 'string' ? builder.status : textOf(args[builder.status]!, text),
      params: keysOf(args[builder.params]),
      file,
    })
  })
  return found
}

/** One builder calls another with what it was given. */
const isPassedOn = (node: Node) => node.type === 'Identifier' && node['name'] === 'code'

const sentenceOf = (node: Node | undefined, text: string) =>
  node?.type === 'Literal' ? String(node['value']) : node ? textOf(node, text).replaceAll(/\$\{[^{}]*\}/g, '{}') : ''

/** The keys of `{ name, left: 3 }`, also as `{ params: { … } }`. */
function keysOf(node: Node | undefined): string[] {
  if (node?.type !== 'ObjectExpression') return []
  const properties = node['properties'] as Node[]
  const inner = properties.find((property) => property['key'] && nameOf(property['key']) === 'params')
  if (inner) return keysOf(inner['value'] as Node)
  return properties.some((property) => nameOf(property['key']) === 'headers')
    ? []
    : properties.map((property) => nameOf(property['key']))
}

const isFunction = (node: unknown): node is Node =>
  ['ArrowFunctionExpression', 'FunctionExpression'].includes((node as Node | null)?.type ?? '')
const nameOf = (node: unknown) => (node as { name?: string } | null)?.name ?? ''
const textOf = ({ start, end }: Node, text: string) => text.slice(start, end)

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, visit))
  if (typeof node !== 'object' || node === null) return
  if ('type' in node && typeof node.type === 'string') visit(node as Node)
  for (const value of Object.values(node)) walk(value, visit)
}
