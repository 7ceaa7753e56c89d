import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { RepairList } from './use-repair-pages.ts'

/**
 * Keeps the rows where they are on the screen when some are added or go above them. At its head a list shows what is new
 * there.
 */
export function useStillRows(
  scroll: RefObject<HTMLDivElement | null>,
  { rowAt, indexOf }: Pick<RepairList, 'rowAt' | 'indexOf'>,
  height: number,
) {
  const top = useRef<{ id: number; index: number } | null>(null)
  useLayoutEffect(() => {
    const view = scroll.current
    if (!view) return
    const known = top.current
    if (known && view.scrollTop >= height && rowAt(known.index)?.id !== known.id) {
      const index = indexOf(known.id)
      if (index >= 0) view.scrollBy({ top: (index - known.index) * height, behavior: 'instant' })
    }
    const index = Math.floor(view.scrollTop / height)
    const row = rowAt(index)
    top.current = row && { id: row.id, index }
  })
}
