import { vi } from 'vitest'

/** Tries `look` until it throws no more: at once as a rule, and with ample time beside whatever else the machine does. */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 20_000 })
