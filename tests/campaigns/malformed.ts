import { request } from 'node:http'
import type { Figure } from '../bench/report.ts'
import { inspectDatabase, type ShopFiles, serve } from './shop-files.ts'
import { type Random, randomFrom } from './random.ts'
import { residentMb } from './uploads.ts'

/** What of an OpenAPI document is read here. */
type Document = { paths: Record<string, Record<string, Operation>> }
type Operation = {
  parameters?: { name: string; in: 'path' | 'query'; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  /** By status; a refusal names its codes as examples. */
  responses?: Record<string, { content?: Record<string, { schema: Schema }> }>
}
type Schema = {
  examples?: unknown[]
  type?: unknown
  properties?: Record<string, Schema>
  items?: Schema
  enum?: unknown[]
  anyOf?: Schema[]
}

type Sent = { method: string; path: string; headers: Record<string, string>; body: string | Buffer | null }
export type Fault = { status: number; method: string; path: string; body: string; text: string }

/** Requests at the same time. */
const SENDERS = 4

/**
 * R9: malformed requests made from the server's own OpenAPI document. None may be answered 5xx, each refusal says why in
 * JSON, and memory does not grow with them.
 */
export async function malformed(files: ShopFiles, { count, seed }: { count: number; seed: number }): Promise<Figure[]> {
  const tokens = await inspectDatabase(files, ({ person }) =>
    Promise.all((['customer', 'staff', 'admin'] as const).map(async (role) => (await person(role)).token)),
  )
  const server = await serve(files)
  try {
    const warmUp = Math.ceil(count / 10)
    const faults = await sendMalformed(server.url, { count: warmUp, seed, tokens })
    const before = residentMb(server.child.pid!)
    faults.push(...(await sendMalformed(server.url, { count: count - warmUp, seed: seed + 1, tokens })))
    return [...faultFigures(faults, count), memoryFigure(before, residentMb(server.child.pid!))]
  } finally {
    await server.stop('SIGTERM')
  }
}

function faultFigures(faults: Fault[], count: number): Figure[] {
  const figure = { name: 'R9', goal: '0', reached: faults.length === 0 }
  const told = faults.slice(0, 10).map(({ status, method, path, body, text }) => ({
    name: 'R9',
    what: `${method} ${path} ${body.slice(0, 300)}`,
    goal: '4xx with a reason',
    result: `${status} ${text.slice(0, 200)}`,
    reached: false,
  }))
  return [
    {
      ...figure,
      what: `of ${count} malformed requests, answered 5xx or without a reason`,
      result: String(faults.length),
    },
    ...told,
  ]
}

function memoryFigure(before: number, after: number): Figure {
  const growth = Math.round((after / before - 1) * 100)
  const what = `memory after a tenth and all of them: ${Math.round(before)} and ${Math.round(after)} MB`
  return { name: 'R9', what, goal: '≤ +20 %', result: `${growth} %`, reached: growth <= 20 }
}

/** Sends requests that are wrong somewhere, and returns those whose answer is wrong too. */
export async function sendMalformed(
  url: string,
  { count, seed, tokens, document }: { count: number; seed: number; tokens: readonly string[]; document?: Document },
): Promise<Fault[]> {
  const random = randomFrom(seed)
  const { paths } = document ?? ((await (await fetch(`${url}/openapi.json`)).json()) as Document)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  const faults: Fault[] = []
  let left = count
  const sender = async () => {
    while (left-- > 0) {
      const { method, path, operation } = random.of(operations)
      const sent = malformedRequest(random, { method, path, operation, token: random.of(tokens) })
      const answer = await send(url, sent)
      if (isFault(answer, operation)) faults.push({ ...answer, method, path: sent.path, body: String(sent.body) })
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  return faults
}

type Answer = { status: number; type: string; text: string }

/** A 507 and a 503 say what is the matter with the machine; every other 5xx that is not documented is a fault. */
function isFault({ status, type, text }: Answer, { responses }: Operation): boolean {
  if (status < 400 || text === '') return false
  if (!type.startsWith('application/json')) return true
  const body = JSON.parse(text) as { detail?: unknown; code?: unknown }
  if (status < 500 || status === 503 || status === 507) return body.detail === undefined
  const schema = responses?.[status]?.content?.['application/json']?.schema
  return !schema?.properties?.['code']?.examples?.includes(body.code)
}

function malformedRequest(
  random: Random,
  { method, path, operation, token }: { method: string; path: string; operation: Operation; token: string },
): Sent {
  const [media, schema] = bodyOf(operation)
  const headers: Record<string, string> = { authorization: `Bearer ${token}` }
  const address = addressOf(random, path, operation)
  if (!schema || random.sometimes(0.1))
    return { method, path: address, headers: oddHeaders(random, headers), body: null }
  headers['content-type'] = random.sometimes(0.1) ? random.of(MEDIA_TYPES) : media
  const text = JSON.stringify(likely(random, schema, 0)) ?? ''
  const body = random.sometimes(0.15) ? brokenText(random, text) : text
  if (media.startsWith('multipart'))
    return { method, path: address, headers, body: brokenForm(random, headers, schema) }
  return { method, path: address, headers: oddHeaders(random, headers), body }
}

function bodyOf(operation: Operation): [string, Schema | undefined] {
  const [media = 'application/json', content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  return [media, content?.schema]
}

/** The address with its names filled in and its questions asked, most of them wrongly. */
function addressOf(random: Random, path: string, { parameters = [] }: Operation): string {
  const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(random.of(NAMES)))
  const asked = parameters.filter((one) => one.in === 'query' && random.sometimes(0.5))
  const query = asked.map(({ name }) => `${encodeURIComponent(name)}=${encodeURIComponent(random.of(NAMES))}`)
  if (random.sometimes(0.03)) return `${filled}%`
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled
}

const NAMES = [
  '1',
  '2',
  '0',
  '-1',
  '9007199254740993',
  '1e400',
  'NaN',
  'null',
  '',
  ' ',
  'a',
  '../..',
  '%00',
  '\u0000',
  '🙂',
].concat([
  "' or 1=1 --",
  '__proto__',
  '1'.repeat(400),
  '٣',
  'true',
  '2026-13-45',
  '999999999999999999999',
  '1.5',
  '\u202e1',
])
const MEDIA_TYPES = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-7',
  '',
  'multipart/form-data',
  'a/b',
]

// oxfmt-ignore
const VALUES: readonly unknown[] = [
  null, true, 0, -1, 1.5, 2 ** 53, -(2 ** 63), 1e308, [], {}, [[[]]], { constructor: 1 },
  '', ' ', 'x', '\u0000', '\ud800', '🙂'.repeat(50), 'x'.repeat(20_000), '2026-02-30T25:00:00Z', '1,5', '٣٤٥',
  "'; drop table user; --",
]

/** A value that fits the schema now and then, so that what lies deeper is reached too. */
function likely(random: Random, schema: Schema, depth: number): unknown {
  if (depth > 6 || random.sometimes(0.15)) return random.of(VALUES)
  if (schema.anyOf) return likely(random, random.of(schema.anyOf), depth + 1)
  if (schema.enum) return random.of(schema.enum)
  if (schema.properties) return likelyObject(random, schema.properties, depth)
  if (schema.items) return Array.from({ length: random.between(0, 3) }, () => likely(random, schema.items!, depth + 1))
  if (schema.type === 'integer' || schema.type === 'number') return random.of([1, 2, 3, 100, 0])
  if (schema.type === 'boolean') return random.sometimes(0.5)
  return random.of([
    'A name',
    '555-0199',
    '10.00',
    'somebody@example.com',
    '2026-01-01T10:00:00Z',
    'accept',
    'A',
    '{"a":1}',
  ])
}

function likelyObject(random: Random, properties: Record<string, Schema>, depth: number) {
  const fields = Object.entries(properties).filter(() => random.sometimes(0.9))
  const object = Object.fromEntries(fields.map(([name, schema]) => [name, likely(random, schema, depth + 1)]))
  if (random.sometimes(0.1))
    Object.assign(object, { constructor: { prototype: {} }, is_staff: true, id: 1, role: 'admin' })
  return object
}

/** Text that is no JSON, or hardly: cut off, doubled, very deep, with a key twice, with a byte order mark. */
function brokenText(random: Random, text: string): string | Buffer {
  const deep = random.of([100, 10_000])
  return random.of<string | Buffer>([
    text.slice(0, random.between(0, text.length)),
    text + text,
    '['.repeat(deep),
    `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`,
    `{"name":1,"name":2,"__proto__":{"is_staff":true}}`,
    `\ufeff${text}`,
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    '1e999999',
    '"\\ud800"',
  ])
}

/** A form with parts that are missing, doubled, cut off or no picture. */
function brokenForm(random: Random, headers: Record<string, string>, schema: Schema): string {
  const boundary = 'part-of-a-form'
  headers['content-type'] = `multipart/form-data; boundary=${random.sometimes(0.9) ? boundary : 'another'}`
  const parts = Object.keys(schema.properties ?? {}).flatMap((name) =>
    Array.from({ length: random.between(0, 2) }, () => {
      const file = random.sometimes(0.3) ? `; filename="${random.of(['a.jpg', '../../etc/passwd', ''])}"` : ''
      return `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${random.of(NAMES)}\r\n`
    }),
  )
  const whole = `${parts.join('')}--${boundary}--\r\n`
  return random.sometimes(0.2) ? whole.slice(0, random.between(0, whole.length)) : whole
}

function oddHeaders(random: Random, headers: Record<string, string>): Record<string, string> {
  if (random.sometimes(0.05))
    headers['authorization'] = random.of(['Bearer', 'Basic abc', 'Bearer a.b.c', 'Bearer ' + 'x'.repeat(5_000)])
  if (random.sometimes(0.05)) headers['idempotency-key'] = random.of(['', 'k'.repeat(5_000), 'key', '"'])
  if (random.sometimes(0.03)) headers['content-encoding'] = random.of(['gzip', 'br', 'x'])
  if (random.sometimes(0.03)) headers['origin'] = 'https://elsewhere.example'
  return headers
}

/** `fetch` would mend some of this; Node's own client sends it as it is. */
function send(url: string, { method, path, headers, body }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(url)
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (reply) => {
      const type = reply.headers['content-type'] ?? ''
      if (type.startsWith('text/event-stream')) {
        outgoing.destroy()
        return resolve({ status: reply.statusCode!, type, text: '' })
      }
      let text = ''
      reply.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      reply.on('end', () => resolve({ status: reply.statusCode!, type, text }))
    })
    // A server that refuses a body may close before it was sent whole; an answer that came counts all the same.
    outgoing.on('error', (error) => ('code' in error && error.code === 'EPIPE' ? undefined : reject(error)))
    outgoing.end(body ?? undefined)
  })
}
