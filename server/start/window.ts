/** An open counter. `closed` settles when a person closed it; it is null when that cannot be known. */
export type Window = { closed: Promise<unknown> | null; close(): Promise<void> }
