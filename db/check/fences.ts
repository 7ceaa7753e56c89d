/**
 * Remembers how far the journal was when each part of a table was read, so that rows and journal are compared as of the
 * same moment although a server writes between: of a row only what was written before it was read counts.
 */
export type Fences = Record<string, [upTo: number, head: number][]>

/** Notes that rows of `table` up to the id `upTo` were read when the journal ended with `head`; `upTo` only grows. */
export function addFence(fences: Fences, table: string, upTo: number, head: number): void {
  const own = (fences[table] ??= [])
  const last = own.at(-1)
  if (last?.[1] === head) last[0] = upTo
  else own.push([upTo, head])
}

/** The number of the last entry that counts for a row; ids beyond what was read count up to the last fence. */
export function headOf(fences: Fences, table: string, id: number): number {
  const own = fences[table] ?? []
  let [low, high] = [0, own.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (own[middle]![0] < id) low = middle + 1
    else high = middle
  }
  return own[low]?.[1] ?? 0
}
