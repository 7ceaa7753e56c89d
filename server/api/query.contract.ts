import { z } from 'zod'
import { int, optional } from '../http/fields.contract.ts'

/** `limit` and `offset` of a list of which so many rows are shown at once. */
export const paging = (most: number) => ({
  limit: optional(int({ min: 1, max: most })),
  offset: optional(int({ min: 0 })),
})

/** Of a list that is shown whole unless one of these is given. */
export const Part = z.object(paging(100))
