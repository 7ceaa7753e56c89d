import type { Endpoint } from './endpoint.ts'
import { allowedOf, jsonSchema } from './openapi.ts'
import { isSchema } from './route.ts'

/** The API as one page without scripts: each endpoint with who may call it, what it takes and what it answers. */
export function docsPage(endpoints: readonly Endpoint[], version: string): string {
  const groups = Map.groupBy(endpoints, ({ path }) => path.split('/').slice(1, 3).join('/'))
  const index = [...groups.keys()].map((group) => `<li><a href="#${group}">/${group}</a></li>`).join('')
  const sections = [...groups]
    .map(([group, members]) => `<h2 id="${group}">/${group}</h2>${members.map(sectionOf).join('')}`)
    .join('')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Fixpoint ${version} – API</title><h1>Fixpoint ${version} – API</h1>
<p>For programs: <a href="/openapi.json">openapi.json</a>. Money of /v1 is a string with two decimals, of /counter an integer in minor units.
POSTs take an <code>Idempotency-Key</code>; lists answer <code>X-Total-Count</code>.</p><ul>${index}</ul>${sections}</html>`
}

function sectionOf(endpoint: Endpoint): string {
  const { method, path, summary, params, query, body, reply } = endpoint
  const answer = isSchema(reply) ? jsonSchema(reply) : reply.kind === 'list' ? [jsonSchema(reply.item)] : reply.kind
  return `<article><h3><code>${method} ${escape(path)}</code></h3>${summary ? `<p>${escape(summary)}</p>` : ''}
<p>Who: ${allowedOf(endpoint).join(', ')}</p>
${params ? block('Path', jsonSchema(params)) : ''}${query ? block('Query', jsonSchema(query)) : ''}
${body ? block(`Body (${body.kind})`, jsonSchema(body.schema)) : ''}${block(`Answer ${endpoint.status ?? ''}`, answer)}</article>`
}

const block = (title: string, value: unknown) =>
  `<details><summary>${title}</summary><pre>${escape(typeof value === 'string' ? value : JSON.stringify(value, null, 2))}</pre></details>`

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
