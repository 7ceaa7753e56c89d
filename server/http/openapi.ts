import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import type { Standing } from './permissions.ts'
import { isSchema } from './route.ts'

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
    info: {
      title: 'Fixpoint',
      version,
      description: 'The repair API (/v1), the store API (/api), and the counter’s own (/counter).',
    },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { HTTPError: ERROR, HTTPValidationError: VALIDATION_ERROR },
    },
  }
}

const ERROR = { type: 'object', properties: { detail: { type: 'string' } }, required: ['detail'] }
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
        },
        required: ['type', 'loc', 'msg'],
      },
    },
  },
}

function operationOf(endpoint: Endpoint): Json {
  const status = String(endpoint.status ?? (!isSchema(endpoint.reply) && endpoint.reply.kind === 'nothing' ? 204 : 200))
  return {
    operationId: `${endpoint.method.toLowerCase()}${endpoint.path.replaceAll(/[^a-zA-Z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    tags: [endpoint.path.split('/').slice(1, 3).join('/')],
    ...(endpoint.summary && { summary: endpoint.summary }),
    'x-who': allowedOf(endpoint),
    ...(!endpoint.who.allow.anonymous && { security: [{ bearer: [] }] }),
    parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
    ...(endpoint.body && {
      requestBody: {
        required: true,
        content: { [MEDIA[endpoint.body.kind]]: { schema: jsonSchema(endpoint.body.schema) } },
      },
    }),
    responses: { [status]: successOf(endpoint), ...refusalsOf(endpoint) },
  }
}

const MEDIA = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  raw: 'application/octet-stream',
}

/** Who may call it: the columns of the permission table. */
export const allowedOf = ({ who }: Endpoint): Standing[] => Object.keys(who.allow) as Standing[]

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = jsonSchema(schema) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function successOf({ reply }: Endpoint): Json {
  if (isSchema(reply)) return { description: 'Success', content: { 'application/json': { schema: jsonSchema(reply) } } }
  if (reply.kind === 'nothing') return { description: 'Done; no body' }
  if (reply.kind === 'list')
    return {
      description: 'Success',
      headers: {
        'X-Total-Count': {
          description: 'How many there are, counted to 1,000 and then `1000+`',
          schema: { type: 'string' },
        },
      },
      content: { 'application/json': { schema: { type: 'array', items: jsonSchema(reply.item) } } },
    }
  if (reply.kind === 'events')
    return {
      description: 'Events as they happen',
      content: { 'text/event-stream': { schema: jsonSchema(reply.item) } },
    }
  return { description: 'A file', content: Object.fromEntries(reply.types.map((type) => [type, {}])) }
}

function refusalsOf({ who, params, query, body }: Endpoint): Json {
  const refusal = (name: string, description: string) => ({
    description,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
  })
  return {
    ...(!who.allow.anonymous && {
      401: refusal('HTTPError', 'Not signed in'),
      403: refusal('HTTPError', 'Not allowed'),
    }),
    ...(params && { 404: refusal('HTTPError', 'Not there, or not yours') }),
    ...((params || query || body) && { 422: refusal('HTTPValidationError', 'Faults of the request') }),
    default: refusal('HTTPError', 'Another refusal'),
  }
}

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
