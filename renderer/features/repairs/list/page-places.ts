/** Of a page: behind which place it begins, and with which it ends at the latest. The last one is open until it was fetched. */
export type PageAt = { after: string | null; until: string | null; count: number | null; due_cents: number }

export const FIRST_PAGES: readonly PageAt[] = [{ after: null, until: null, count: null, due_cents: 0 }]

/** The pages of one list, as far as they are known. */
type Pages = { list: string; pages: readonly PageAt[] }
type Loaded = { list: string; after: string | null; data: { rows: unknown[]; due_cents: number; next: string | null } }

/**
 * What is known once a page was fetched: where the next one begins. A page keeps its part of the list when it is fetched
 * again: what was added there meanwhile makes it longer, and one that became too long is two.
 */
export function withLoaded(before: Pages, { list, after, data }: Loaded): Pages {
  const pages = before.list === list ? before.pages : FIRST_PAGES
  const at = pages.findIndex((page) => page.after === after)
  const page = pages[at]
  if (!page) return before
  const { next, due_cents } = data
  const count = data.rows.length
  const isNews = count !== page.count || due_cents !== page.due_cents || (next !== null && next !== page.until)
  if (!isNews) return before
  const further = next !== null && next !== page.until
  const known = { ...page, count, due_cents, until: further ? next : page.until }
  const added = further ? [{ after: next, until: page.until, count: null, due_cents: 0 }] : []
  return { list, pages: [...pages.slice(0, at), known, ...added, ...pages.slice(at + 1)] }
}
