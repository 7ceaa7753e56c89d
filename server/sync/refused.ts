import type { Refused } from './wire.ts'

/** A refusal that a node is told: `{error, detail, expected?}` under a status of 4xx, or of 5xx for what may pass. */
export class SyncRefused extends Error {
  readonly status: number
  readonly refused: Refused
  readonly headers: Record<string, string>

  constructor(status: number, refused: Refused, headers: Record<string, string> = {}) {
    super(`${refused.error}: ${refused.detail}`)
    this.status = status
    this.refused = refused
    this.headers = headers
  }
}

/** One that may be asked again after so many `seconds`. */
export const tryAgain = (status: 429 | 503, error: string, detail: string, seconds: number) =>
  new SyncRefused(status, { error, detail }, { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) })
