/** A row of a list, of photos or of who works on something. */
type Listed = { id: number; created_at: number; position?: number }

/**
 * The rows of a list in the order in which they are shown, by (position, created_at, id), and each pair once: two machines may
 * have added the same one. `pair` names its columns.
 */
export function shownOnce<R extends Listed>(rows: readonly R[], pair: readonly (keyof R)[]): R[] {
  const sorted = rows.toSorted(
    (a, b) => (a.position ?? 0) - (b.position ?? 0) || a.created_at - b.created_at || a.id - b.id,
  )
  const seen = new Set<string>()
  return sorted.filter((row) => {
    const key = JSON.stringify(pair.map((column) => row[column]))
    return !seen.has(key) && seen.add(key)
  })
}
