import { z } from 'zod'
import { type Body, MEDIA_TYPES } from '../body.ts'
import { type Endpoint, isSchema } from '../endpoint.ts'
import { accessDenied, badCredentials, type FieldError, notAuthenticated } from '../errors.ts'
import type { CallerKind } from '../auth/permissions.ts'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document of `endpoints`. */
export function openApiOf(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Fixpoint', version, description: ABOUT },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { HTTPError: ERROR, HTTPValidationError: VALIDATION_ERROR },
    },
  }
}

const ABOUT = `The repair API (/v1), the store and trade-in API (/api, pictures under /uploads), and the counter’s own (/counter).
Money is a string with two decimals in /v1, a number in /api and an integer of minor units in /counter. Every path is served
with and without a slash at its end. A POST takes an \`Idempotency-Key\`: sent again under the same key, it is done once.`

const CODE = '^[a-z0-9]+(-[a-z0-9]+)+$'

/** Some of /api say it twice, as their document has it. */
const ERROR = {
  type: 'object',
  properties: {
    detail: { type: 'string', description: 'A sentence for people' },
    code: { type: 'string', pattern: CODE, description: 'What it is known by: it stays when the sentence changes' },
    params: {
      type: 'object',
      additionalProperties: { type: ['string', 'number'] },
      description: 'What the sentence names',
    },
    success: { const: false },
    error: { type: 'string' },
  },
  required: ['detail', 'code'],
}
const VALIDATION_ERROR = {
  type: 'object',
  properties: {
    detail: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          loc: { type: 'array', items: { type: ['string', 'integer'] } },
          msg: { type: 'string' },
          code: { type: 'string', pattern: CODE, description: 'Of a rule of the shop: of every `value_error`' },
          params: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
        },
        required: ['type', 'loc', 'msg'],
      },
    },
    code: { const: 'invalid-request' },
  },
  required: ['detail', 'code'],
}

function operationOf(endpoint: Endpoint): Json {
  return {
    operationId: `${endpoint.method.toLowerCase()}${endpoint.path.replaceAll(/[^a-zA-Z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    tags: [endpoint.path.split('/').slice(1, 3).join('/')],
    ...(endpoint.summary && { summary: endpoint.summary }),
    'x-who': allowedOf(endpoint),
    ...(!endpoint.who.allow.anonymous && { security: [{ bearer: [] }] }),
    parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
    ...(endpoint.body && { requestBody: requestBodyOf(endpoint.body) }),
    responses: { [statusOf(endpoint)]: successOf(endpoint), ...refusalsOf(endpoint) },
  }
}

/** Of success. */
export const statusOf = ({ status, response }: Endpoint): number =>
  status ?? (!isSchema(response) && response.kind === 'nothing' ? 204 : 200)

function requestBodyOf(body: Body): Json {
  const schema = body.kind === 'raw' ? BYTES : jsonSchema(body.schema)
  const description = filesOf(body)
  return { required: true, ...(description && { description }), content: { [MEDIA_TYPES[body.kind]]: { schema } } }
}

const BYTES = { type: 'string', format: 'binary' }

/** How many files a body may hold, in words; undefined for one without files. */
export function filesOf(body: Body): string | undefined {
  if (body.kind !== 'multipart') return undefined
  return `At most ${body.limits.most} files, each under ${body.limits.size / 1_048_576} MB`
}

/** Who may call it: the columns of the permission table. */
export const allowedOf = ({ who }: Endpoint): CallerKind[] => Object.keys(who.allow) as CallerKind[]

function parametersOf(schema: z.ZodType | undefined, part: 'path' | 'query'): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = jsonSchema(schema) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: part,
    required: part === 'path' || required.includes(name),
    schema: property,
  }))
}

function successOf({ response }: Endpoint): Json {
  if (isSchema(response))
    return { description: 'Success', content: { 'application/json': { schema: jsonSchema(response) } } }
  if (response.kind === 'nothing') return { description: 'Done; no body' }
  if (response.kind === 'list')
    return {
      description: 'Success',
      headers: {
        'X-Total-Count': {
          description: 'How many there are, counted to 1,000 and then `1000+`',
          schema: { type: 'string' },
        },
      },
      content: { 'application/json': { schema: { type: 'array', items: jsonSchema(response.item) } } },
    }
  if (response.kind === 'events')
    return {
      description: 'Events as they happen',
      content: { 'text/event-stream': { schema: jsonSchema(response.item) } },
    }
  return { description: 'A file', content: Object.fromEntries(response.types.map((type) => [type, { schema: BYTES }])) }
}

function refusalsOf(endpoint: Endpoint): Json {
  const { who, params, refusals = {} } = endpoint
  return {
    ...(!who.allow.anonymous && {
      401: refusal('HTTPError', 'Not signed in', [notAuthenticated().code, badCredentials().code]),
      403: refusal('HTTPError', 'Not allowed', [(who.refusal ?? accessDenied)().code]),
    }),
    ...(params && { 404: refusal('HTTPError', 'Not there, or not yours') }),
    ...Object.fromEntries(
      fieldErrorStatusesOf(endpoint).map((status) => [
        status,
        refusal(FIELD_ERROR_SCHEMAS[status]!, 'Faults of the request'),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(refusals).map(([status, words]) => [
        status,
        refusal('HTTPError', Object.values(words).join('; '), Object.keys(words)),
      ]),
    ),
    default: refusal('HTTPError', 'Another refusal'),
  }
}

/** `codes` are those that are known; a rule that was broken on the way has others. */
function refusal(name: string, description: string, codes?: readonly string[]): Json {
  const schema = { $ref: `#/components/schemas/${name}` }
  return {
    description,
    content: {
      'application/json': { schema: codes ? { ...schema, properties: { code: { examples: codes } } } : schema },
    },
    ...(codes && { 'x-codes': codes }),
  }
}

const FIELD_ERROR_SCHEMAS: Record<number, string> = { 400: 'HTTPError', 422: 'HTTPValidationError' }

/** What faults of the request are answered with: 422, or 400 where a document says so; what is no JSON at all is always 422. */
export function fieldErrorStatusesOf({ params, query, body, invalid }: Endpoint): number[] {
  const parts = [
    ...(params ? ['path'] : []),
    ...(query ? ['query'] : []),
    ...(body && body.kind !== 'raw' ? ['body'] : []),
  ]
  const statuses = parts.map((part) => invalid?.([{ ...SAMPLE_ERROR, loc: [part, 'field'] }]).status ?? 422)
  const isText = body?.kind === 'json' || body?.kind === 'form'
  return [...new Set([...statuses, ...(isText ? [422] : [])])].toSorted((a, b) => a - b)
}

const SAMPLE_ERROR: Omit<FieldError, 'loc'> = { type: 'missing', msg: 'Field required' }

/** The wire shape of a schema. Read from the inner side of each codec, where `optional` keeps what it wraps. */
export function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'output',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema: made }) => void delete made.additionalProperties,
  })
  return json
}
