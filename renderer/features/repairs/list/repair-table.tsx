import { Checkbox } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useId, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useTouch } from '../../../density.ts'
import { useMayWork } from '../../../session.ts'
import { Money } from '../../../ui/money.tsx'
import { problemText } from '../../../ui/problem-text.ts'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { TwoLines } from '../../../ui/two-lines.tsx'
import { When } from '../../../ui/when.tsx'
import { toggled } from '../../../ui/toggled.ts'
import classes from './repairs.module.css'
import type { RepairRow } from '../requests.ts'

type Props = {
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

const COLUMNS = ['ticket', 'status', 'device', 'customer', 'problem', 'technician', 'promised', 'due'] as const

/** Any number of rows: only those in sight are there. One stop for Tab; arrows move, Space marks, Enter opens. */
export function RepairTable(props: Props) {
  const { t } = useTranslation('repairs')
  const { rows, active, checked, onChecked, onEnd } = props
  const grid = useId()
  const scroll = useRef<HTMLDivElement>(null)
  const height = useTouch() ? 48 : 36
  const mayMark = useMayWork()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 12,
  })
  useEffect(() => void virtual.measure(), [height, virtual])
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  const reached = useEffectEvent(onEnd)
  useEffect(() => {
    if (last >= rows.length - 20) reached()
  }, [last, rows.length])
  useEffect(() => {
    // Who types a filter keeps typing.
    if (document.activeElement === document.body) scroll.current?.focus({ preventScroll: true })
  }, [])
  const onKeyDown = useGridKeys(props, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  const all = checked.size > 0 && checked.size === rows.length
  return (
    <div
      ref={scroll}
      role="grid"
      aria-label={t('list.title')}
      aria-rowcount={rows.length + 1}
      aria-multiselectable={mayMark}
      aria-activedescendant={active ? `${grid}-${active.id}` : undefined}
      tabIndex={0}
      className={classes.scroll}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        {!mayMark && <div role="presentation" />}
        {mayMark && (
          <div role="columnheader" className={classes.check}>
            <Checkbox
              aria-label={t('list.checkAll')}
              size="xs"
              tabIndex={-1}
              checked={all}
              indeterminate={checked.size > 0 && !all}
              onChange={() => onChecked(all ? new Set() : new Set(rows.map(({ id }) => id)))}
            />
          </div>
        )}
        {COLUMNS.map((column) => (
          <div key={column} role="columnheader" className={classes[column]}>
            {t(`column.${column}`)}
          </div>
        ))}
      </div>
      <div role="presentation" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const row = rows[index]
          return (
            row && (
              <Row
                {...props}
                key={row.id}
                id={`${grid}-${row.id}`}
                row={row}
                index={index}
                top={start}
                height={height}
                mayMark={mayMark}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

type RowProps = Props & { id: string; row: RepairRow; index: number; top: number; height: number; mayMark: boolean }

function Row({ id, row, index, top, height, mayMark, active, checked, onActive, onOpen, onChecked }: RowProps) {
  const { t } = useTranslation('repairs')
  const toggle = () => onChecked(new Set(toggled([...checked], row.id)))
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={checked.has(row.id)}
      data-active={row.id === active?.id || undefined}
      data-overdue={row.overdue || undefined}
      className={classes.row}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={() => onActive(row)}
      onDoubleClick={() => onOpen(row)}
    >
      {!mayMark && <div role="presentation" />}
      {mayMark && (
        // The whole cell marks the row: a box alone is too small for a finger.
        <div
          role="gridcell"
          className={classes.check}
          onClick={(event) => {
            event.stopPropagation()
            toggle()
          }}
        >
          <Checkbox
            aria-label={t('list.check', { number: row.ticket_number })}
            size="xs"
            tabIndex={-1}
            checked={checked.has(row.id)}
            onClick={(event) => event.stopPropagation()}
            onChange={toggle}
          />
        </div>
      )}
      <div role="gridcell" className={classes.ticket}>
        {row.ticket_number}
      </div>
      <div role="gridcell" className={classes.status}>
        <StatusBadge status={row.status} overdue={row.overdue} />
      </div>
      <div role="gridcell" className={classes.device}>
        <TwoLines title={row.device_title} />
      </div>
      <div role="gridcell" className={classes.customer}>
        <TwoLines title={row.customer_name} />
      </div>
      <div role="gridcell" className={classes.problem} title={problemText(row) || undefined}>
        {problemText(row)}
      </div>
      <div role="gridcell" className={classes.technician}>
        {row.technicians.map(({ full_name }) => full_name).join(', ')}
      </div>
      <div role="gridcell" className={classes.promised}>
        {row.promised_at !== null && <When at={row.promised_at} />}
      </div>
      <div role="gridcell" className={classes.due}>
        {row.due_cents > 0 && <Money cents={row.due_cents} />}
      </div>
    </div>
  )
}

const JUMPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 12,
  PageUp: -12,
  Home: -Infinity,
  End: Infinity,
}

function useGridKeys({ rows, active, checked, onMoveTo, onOpen, onChecked }: Props, showRow: (index: number) => void) {
  const mayMark = useMayWork()
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = rows.findIndex(({ id }) => id === active?.id)
    const jump = JUMPS[event.key]
    if (jump !== undefined) {
      const to = Math.max(0, Math.min(rows.length - 1, at + jump))
      const row = rows[to]
      if (row) onMoveTo(row)
      showRow(to)
    } else if (event.key === 'Enter' && active) onOpen(active)
    else if (event.key === ' ' && active && mayMark) onChecked(new Set(toggled([...checked], active.id)))
    else return
    event.preventDefault()
  }
}
