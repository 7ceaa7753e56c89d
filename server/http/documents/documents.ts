import type { Config } from '../../config.ts'
import { docsPage } from './docs-page.ts'
import { type Endpoint, file, read } from '../endpoint.ts'
import { openApiOf } from './openapi.ts'
import { everyone } from '../auth/permissions.ts'

/** `/openapi.json` and `/docs`, made from the endpoints themselves. */
export function documents(endpoints: readonly Endpoint[], { version }: Pick<Config, 'version'>): Endpoint[] {
  let document: string | undefined
  let page: string | undefined
  const openapi = () => (document ??= JSON.stringify(openApiOf(endpoints, version)))
  return [
    read(
      'GET /openapi.json',
      { who: everyone, response: file('application/json'), summary: 'This API as OpenAPI 3.1' },
      () => ({
        type: 'application/json; charset=utf-8',
        bytes: openapi(),
      }),
    ),
    read('GET /docs', { who: everyone, response: file('text/html'), summary: 'This API as a page to read' }, () => ({
      type: 'text/html; charset=utf-8',
      bytes: (page ??= docsPage(endpoints, version)),
    })),
  ]
}
