import type { z } from 'zod'

/** A field of a change that null empties; left out it stays as it is. */
export const clearable = <T extends z.ZodType>(inner: T) => inner.nullable().optional()
