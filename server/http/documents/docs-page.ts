import { type Body, MEDIA_TYPES } from '../body.ts'
import { isSchema, type Endpoint } from '../endpoint.ts'
import { allowedOf, fieldErrorStatusesOf, filesOf, jsonSchema, statusOf } from './openapi.ts'
import { writtenShape } from './written-shape.ts'

/** The API as one page without scripts: each endpoint with who may call it, what it takes and what it answers. */
export function docsPage(endpoints: readonly Endpoint[], version: string): string {
  const groups = Map.groupBy(endpoints, ({ path }) => path.split('/').slice(1, 3).join('/'))
  const index = [...groups.keys()].map((group) => `<li><a href="#${group}">/${group}</a></li>`).join('')
  const sections = [...groups]
    .map(([group, members]) => `<h2 id="${group}">/${group}</h2>${members.map(sectionOf).join('')}`)
    .join('')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Fixpoint ${version} – API</title><h1>Fixpoint ${version} – API</h1>
<p>/v1 is the repair API, /api the store and trade-in API, /counter what the counter’s own pages use.
For programs: <a href="/openapi.json">openapi.json</a>.</p>
<ul><li>Whoever is not <em>anonymous</em> sends <code>Authorization: Bearer TOKEN</code>, from <code>POST /v1/auth/login</code> or
<code>POST /api/auth/token</code>; either token is good on both.</li>
<li>Money is a string with two decimals in /v1 (<code>"899.99"</code>), a number in /api (<code>899.99</code>), and an integer of minor
units in /counter (<code>89999</code>).</li>
<li>POSTs take an <code>Idempotency-Key</code>; lists answer <code>X-Total-Count</code>. <code>?</code> marks what may be left out.</li>
<li>A refusal is <code>{"detail": "…", "code": "…"}</code>: a sentence for people, which may change, and the code that programs know it by, which does
not; <code>params</code> are what the sentence names. Faults of the request are listed in <code>detail</code>.</li></ul><ul>${index}</ul>${sections}</html>`
}

function sectionOf(endpoint: Endpoint): string {
  const { method, path, summary, params, query, body, refusals = {} } = endpoint
  const fieldErrorStatuses = fieldErrorStatusesOf(endpoint)
  return `<article><h3><code>${method} ${escape(path)}</code></h3>${summary ? `<p>${escape(summary)}</p>` : ''}
<p>Who: ${allowedOf(endpoint).join(', ')}</p>
${params ? block('Path', shapeOf(params)) : ''}${query ? block('Query', shapeOf(query)) : ''}
${body ? block(`Body: ${MEDIA_TYPES[body.kind]}`, bodyOf(body)) : ''}
${block(`Answer ${statusOf(endpoint)}`, responseTextOf(endpoint))}
${fieldErrorStatuses.length > 0 ? `<p>Faults of the request: ${fieldErrorStatuses.join(' or ')}</p>` : ''}
${Object.entries(refusals)
  .flatMap(([status, words]) => Object.entries(words).map(([code, said]) => [status, code, said] as const))
  .map(([status, code, said]) => `<p>${status} <code>${code}</code>: ${escape(said ?? '')}</p>`)
  .join('')}</article>`
}

const shapeOf = (schema: Parameters<typeof jsonSchema>[0]) => writtenShape(jsonSchema(schema))

const bodyOf = (body: Body) =>
  body.kind === 'raw'
    ? 'the bytes as they were signed'
    : [shapeOf(body.schema), filesOf(body)].filter(Boolean).join('\n')

function responseTextOf({ response }: Endpoint): string {
  if (isSchema(response)) return shapeOf(response)
  if (response.kind === 'list') return `[${shapeOf(response.item)}]`
  if (response.kind === 'file') return `a file: ${response.types.join(', ')}`
  return response.kind === 'events' ? `events as they happen: ${shapeOf(response.item)}` : 'nothing'
}

const block = (title: string, text: string) =>
  `<details><summary>${title}</summary><pre>${escape(text)}</pre></details>`

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
