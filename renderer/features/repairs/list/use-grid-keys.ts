import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayWork } from '../../../session.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import type { RepairRow } from '../requests.ts'
import type { RepairList } from './use-repair-pages.ts'

export type RepairRows = {
  list: Pick<RepairList, 'count' | 'rowAt' | 'indexOf' | 'rows' | 'onSight'>
  active: RepairRow | null
  checked: ReadonlySet<number>
  /** A row was pressed. */
  onActive: (row: RepairRow) => void
  /** The arrows went to a row. */
  onMoveTo: (row: RepairRow) => void
  onOpen: (row: RepairRow) => void
  onChecked: (ids: ReadonlySet<number>) => void
  /** A row is marked, or no longer. */
  onToggle: (id: number) => void
}

const ROW_STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 12,
  PageUp: -12,
  Home: -Infinity,
  End: Infinity,
}

/** Arrows move, Ctrl+Space marks, Enter opens. */
export function useGridKeys(
  { list, active, onMoveTo, onOpen, onToggle }: RepairRows,
  showRow: (index: number) => void,
) {
  const { t } = useTranslation()
  const mayMark = useMayWork()
  const mark = () => active && onToggle(active.id)
  useShortcuts([mayMark && { keys: 'mod+Space', label: t('shortcuts.mark'), run: () => void mark() }])
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // A heading has its own Enter; Down leads from it into the rows.
    const onHeading = event.target instanceof HTMLButtonElement
    if (onHeading && event.key !== 'ArrowDown') return
    if (onHeading) event.currentTarget.focus()
    const jump = ROW_STEPS[event.key]
    if (jump !== undefined) {
      const at = active ? list.indexOf(active.id) : -1
      const to = Math.max(0, Math.min(list.count - 1, at + jump))
      const row = list.rowAt(to)
      if (row) onMoveTo(row)
      showRow(to)
    } else if (event.key === 'Enter' && active) onOpen(active)
    else return
    event.preventDefault()
  }
}
