/** Levels that somebody's address or findings never have. A thousand more, and no reply could be written with them. */
const DEEPEST = 50

/** Whether objects and lists lie in each other more than 50 levels deep. */
export function isDeep(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeep(inner, levels - 1))
}
