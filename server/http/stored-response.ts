import { type Endpoint, type File, type HandlerRequest, isSchema } from './endpoint.ts'
import { seesMoney } from './auth/permissions.ts'
import { encoderOf } from './encode.ts'
import type { Page } from './paging.ts'

/** What is sent: kept byte for byte under an idempotency key. */
export type StoredResponse = {
  status: number
  headers: Record<string, string | string[]>
  body: string | Buffer | null
}

/** Encodes what the handler returned as the endpoint declares it; undeclared fields fall away here. */
export function encodeResponse(
  endpoint: Endpoint,
  value: unknown,
  { response: { headers }, session }: HandlerRequest,
): StoredResponse {
  const { response } = endpoint
  const money = seesMoney(session?.caller ?? null) ? 'shown' : 'hidden'
  const status = endpoint.status ?? 200
  if (isSchema(response)) return asJson(status, headers, encoderOf(response, money)(value))
  if (response.kind === 'nothing') return { status: endpoint.status ?? 204, headers, body: null }
  if (response.kind === 'list') {
    const { rows, total } = value as Page<unknown>
    const item = response.item
    return asJson(status, { ...headers, 'X-Total-Count': total }, rows.map(encoderOf(item, money)))
  }
  const { type, bytes, headers: more } = value as File
  return { status, headers: { ...headers, ...more, 'Content-Type': type }, body: bytes }
}

const asJson = (status: number, headers: StoredResponse['headers'], value: unknown): StoredResponse => ({
  status,
  headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
})
