import { z } from 'zod'
import { int } from '../http/fields.contract.ts'

/** A field of a query. A shop's page sends its empty ones too: `?min_price=` asks nothing. */
export const filled = <T extends z.ZodType>(inner: T) =>
  z
    .codec(z.custom<z.input<T> | '' | undefined>(), inner.optional(), {
      decode: (value) => (value === '' ? undefined : value),
      encode: (value) => value,
    })
    .optional()

/** `limit` and `offset` of a list of which so many rows are shown at once. */
export const paging = (most: number) => ({
  limit: filled(int({ min: 1, max: most })),
  offset: filled(int({ min: 0 })),
})

/** Of a list that is shown whole unless one of these is given. */
export const Part = z.object(paging(100))
