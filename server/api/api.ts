import { under } from '../http/endpoint.ts'
import { categories } from './categories.ts'
import { locations } from './locations.ts'

/** The store and trade-in API, as `store-api.md` documents it. */
export const api = under('/api', [...categories, ...locations])
