import { under } from '../http/endpoint.ts'

/** What the counter UI needs and no document has. */
export const counter = under('/counter', [])
