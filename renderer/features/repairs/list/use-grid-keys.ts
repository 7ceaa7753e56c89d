import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayWork } from '../../../session.ts'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { toggled } from '../../../ui/toggled.ts'
import type { RepairRow } from '../requests.ts'

export type RepairRows = {
  rows: RepairRow[]
  active: RepairRow | null
  checked: ReadonlySet<number>
  /** A row was pressed. */
  onActive: (row: RepairRow) => void
  /** The arrows went to a row. */
  onMoveTo: (row: RepairRow) => void
  onOpen: (row: RepairRow) => void
  onChecked: (ids: ReadonlySet<number>) => void
  /** The last rows come into sight. */
  onEnd: () => void
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
  { rows, active, checked, onMoveTo, onOpen, onChecked }: RepairRows,
  showRow: (index: number) => void,
) {
  const { t } = useTranslation()
  const mayMark = useMayWork()
  const mark = () => active && onChecked(new Set(toggled([...checked], active.id)))
  useShortcuts([mayMark && { keys: 'mod+Space', label: t('shortcuts.mark'), run: () => void mark() }])
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // A heading has its own Enter; Down leads from it into the rows.
    const onHeading = event.target instanceof HTMLButtonElement
    if (onHeading && event.key !== 'ArrowDown') return
    if (onHeading) event.currentTarget.focus()
    const at = rows.findIndex(({ id }) => id === active?.id)
    const jump = ROW_STEPS[event.key]
    if (jump !== undefined) {
      const to = Math.max(0, Math.min(rows.length - 1, at + jump))
      const row = rows[to]
      if (row) onMoveTo(row)
      showRow(to)
    } else if (event.key === 'Enter' && active) onOpen(active)
    else return
    event.preventDefault()
  }
}
