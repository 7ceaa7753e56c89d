import { Checkbox } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsTouch } from '../../../density.ts'
import { useMayWork } from '../../../session.ts'
import { isFocusNowhere } from '../../../ui/scanner/text-fields.ts'
import { Row, RowToCome } from './repair-row.tsx'
import classes from './repairs.module.css'
import { useGridKeys, type RepairRows } from './use-grid-keys.ts'
import { pressed, type Sort } from './use-repair-filter.ts'
import { useStillRows } from './use-still-rows.ts'

const COLUMNS = ['ticket', 'status', 'device', 'customer', 'problem', 'technician', 'promised', 'due'] as const

type Sorting = { sort: Sort; onSort: (sort: Sort) => void }

/** Any number of rows: only those in sight are there. One stop for Tab; arrows move, Ctrl+Space marks, Enter opens. */
export function RepairTable(props: RepairRows & Sorting) {
  const { t } = useTranslation('repairs')
  const { list, active, checked, onActive, onOpen, onChecked, onToggle, sort, onSort } = props
  const grid = useId()
  const scroll = useRef<HTMLDivElement>(null)
  const height = useIsTouch() ? 48 : 36
  const mayMark = useMayWork()
  const virtual = useVirtualizer({
    count: list.count,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 8,
  })
  useEffect(() => void virtual.measure(), [height, virtual])
  const shown = virtual.getVirtualItems()
  const [first, last] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0]
  const reached = useEffectEvent(list.onSight)
  useEffect(() => reached(first, last), [first, last, list.count])
  useStillRows(scroll, list, height)
  useEffect(() => {
    // Who types a filter keeps typing.
    if (isFocusNowhere()) scroll.current?.focus({ preventScroll: true })
  }, [])
  const onKeyDown = useGridKeys(props, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  const all = checked.size > 0 && checked.size === list.count
  const seen = new Set<number>()
  return (
    <div
      ref={scroll}
      role="grid"
      aria-label={t('list.title')}
      aria-rowcount={list.count + 1}
      aria-multiselectable={mayMark}
      aria-activedescendant={active ? `${grid}-${active.id}` : undefined}
      tabIndex={0}
      data-rows
      data-work-start
      className={classes.scroll}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        {!mayMark && <div role="presentation" />}
        {mayMark && (
          <div role="columnheader" className={classes.check}>
            <Checkbox
              aria-label={t('list.markAll')}
              size="xs"
              tabIndex={-1}
              checked={all}
              indeterminate={checked.size > 0 && !all}
              onChange={() => onChecked(all ? new Set() : new Set(list.rows().map(({ id }) => id)))}
            />
          </div>
        )}
        {COLUMNS.map((column) => (
          <Head key={column} column={column} sort={sort} onSort={onSort} />
        ))}
      </div>
      <div role="presentation" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const row = list.rowAt(index)
          // What moves meanwhile may come on two pages for a moment.
          if (!row || seen.has(row.id)) return <RowToCome key={`to come ${index}`} top={start} height={height} />
          seen.add(row.id)
          return (
            <Row
              key={row.id}
              id={`${grid}-${row.id}`}
              row={row}
              index={index}
              top={start}
              height={height}
              mayMark={mayMark}
              isActive={row.id === active?.id}
              isChecked={checked.has(row.id)}
              onActive={onActive}
              onOpen={onOpen}
              onToggle={onToggle}
            />
          )
        })}
      </div>
    </div>
  )
}

/** A heading; but for the problem, whose words have no order, a press sorts by it. */
function Head({ column, sort, onSort }: { column: (typeof COLUMNS)[number] } & Sorting) {
  const { t } = useTranslation('repairs')
  const by = column === 'problem' ? null : column
  const sorted = sort !== null && sort.by === by ? (sort.descending ? 'descending' : 'ascending') : undefined
  return (
    <div role="columnheader" className={classes[column]} aria-sort={sorted}>
      {by === null ? (
        t(`column.${column}`)
      ) : (
        <button type="button" className={classes.heading} onClick={() => onSort(pressed(sort, by))}>
          {t(`column.${column}`)}
          {sorted === 'ascending' && <IconArrowUp size={14} aria-hidden />}
          {sorted === 'descending' && <IconArrowDown size={14} aria-hidden />}
        </button>
      )}
    </div>
  )
}
