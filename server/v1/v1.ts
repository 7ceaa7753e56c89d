import { under } from '../http/endpoint.ts'

/** The repair API, as `repair-api.md` documents it. */
export const v1 = under('/v1', [])
