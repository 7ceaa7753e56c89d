import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { GRADES } from '../../../../server/domain/grade.ts'
import { useIsTouch } from '../../../density.ts'
import { writeAmount } from '../../../ui/fields/amount.ts'
import { useFormat } from '../../../ui/format.ts'
import { draftAt, rowId } from './cells.ts'
import classes from './prices.module.css'
import { blockOf, holds, LAST_COLUMN, only } from './selection.ts'
import { SheetCell } from './sheet-cell.tsx'
import type { SheetState } from './use-sheet.ts'
import { useSheetKeys } from './use-sheet-keys.ts'

type Item = { kind: 'brand'; name: string } | { kind: 'row'; index: number }

/** The prices as a sheet: arrows move, what is typed is a draft, and only the rows in sight are there. */
export function Sheet({ sheet }: { sheet: SheetState }) {
  const { t } = useTranslation('trade-ins')
  const { currency } = useFormat()
  const { rows, selection } = sheet
  const columns = LAST_COLUMN + (sheet.seesMoney ? 5 : 4)
  const scroll = useRef<HTMLDivElement>(null)
  const height = useIsTouch() ? 48 : 33
  const items = useMemo(() => itemsOf(rows), [rows])
  const activeItem = items.findIndex((item) => item.kind === 'row' && item.index === selection.at.row)
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 6,
    // The row with the cursor stays, wherever the list is scrolled to.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan)
      const to = Math.min(count - 1, endIndex + overscan)
      const shown = Array.from({ length: to - from + 1 }, (_, index) => from + index)
      const isShown = activeItem < 0 || (activeItem >= from && activeItem <= to)
      return isShown ? shown : [...shown, activeItem].toSorted((a, b) => a - b)
    },
  })
  useEffect(() => void virtual.measure(), [height, virtual])
  const { onKeyDown, onPaste, onCopy } = useSheetKeys(sheet, () => {
    if (activeItem >= 0) virtual.scrollToIndex(activeItem, { align: 'auto' })
  })
  // Keys move the cursor: the cell that has it comes into sight, and takes the focus as soon as its row is there.
  const { wantsFocus } = sheet
  useEffect(() => {
    if (!wantsFocus.current) return
    if (activeItem >= 0) virtual.scrollToIndex(activeItem, { align: 'auto' })
    const cell = scroll.current?.querySelector<HTMLElement>('[data-cursor]')
    if (!cell) return
    wantsFocus.current = false
    cell.focus({ preventScroll: true })
  })
  return (
    <div
      ref={scroll}
      role="grid"
      aria-label={t('prices.title')}
      aria-rowcount={items.length + 1}
      aria-colcount={columns}
      aria-multiselectable
      aria-readonly={!sheet.mayEdit}
      className={classes.scroll}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
      onCopy={onCopy}
    >
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        <div role="columnheader">{t('prices.boughtAt', { currency })}</div>
        {GRADES.map((grade, index) => (
          <div key={grade} role="columnheader">
            <button
              type="button"
              tabIndex={-1}
              className={classes.mark}
              aria-label={t('prices.markColumn', { grade })}
              onClick={() =>
                sheet.mark({ anchor: { row: rows.length - 1, column: index }, at: { row: 0, column: index } })
              }
            >
              {grade}
            </button>
          </div>
        ))}
        {sheet.seesMoney && <div role="columnheader">{t('prices.soldAt')}</div>}
        <div role="columnheader">{t('prices.sold')}</div>
        <div role="columnheader">{t('prices.here')}</div>
      </div>
      <div role="presentation" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = items[index]!
          const place = { transform: `translateY(${start}px)`, height }
          return item.kind === 'brand' ? (
            <div
              key={`brand ${item.name}`}
              role="row"
              aria-rowindex={index + 2}
              className={classes.brand}
              style={place}
            >
              <div role="gridcell" aria-colspan={columns}>
                {item.name}
              </div>
            </div>
          ) : (
            <PriceRow key={rowId(rows[item.index]!)} sheet={sheet} index={item.index} at={index + 2} place={place} />
          )
        })}
      </div>
    </div>
  )
}

/** Rows under the names of their brands. */
function itemsOf(rows: SheetState['rows']): Item[] {
  return rows.flatMap((row, index): Item[] => {
    const item: Item = { kind: 'row', index }
    return row.brand_name === rows[index - 1]?.brand_name ? [item] : [{ kind: 'brand', name: row.brand_name }, item]
  })
}

type RowProps = { sheet: SheetState; index: number; at: number; place: { transform: string; height: number } }

function PriceRow({ sheet, index, at, place }: RowProps) {
  const { t } = useTranslation('trade-ins')
  const { locale } = useFormat()
  const row = sheet.rows[index]!
  const id = rowId(row)
  const name = [row.model, row.storage].filter(Boolean).join(' ')
  const block = blockOf(sheet.selection)
  const { at: cursor } = sheet.selection
  const press = (column: number) => (event: MouseEvent) => {
    // The field of the cell with the cursor keeps its own mouse.
    if (event.target instanceof HTMLInputElement || event.button !== 0) return
    event.preventDefault()
    const to = { row: index, column }
    sheet.mark(event.shiftKey ? { anchor: sheet.selection.anchor, at: to } : only(to))
  }
  const drag = (column: number) => (event: MouseEvent) => {
    if (event.buttons === 1) sheet.mark({ anchor: sheet.selection.anchor, at: { row: index, column } })
  }
  return (
    <div role="row" aria-rowindex={at} className={classes.row} style={place}>
      <div role="rowheader">
        <button
          type="button"
          tabIndex={-1}
          className={classes.mark}
          title={name}
          onClick={() => sheet.mark({ anchor: { row: index, column: LAST_COLUMN }, at: { row: index, column: 0 } })}
        >
          {name}
        </button>
      </div>
      {GRADES.map((grade, column) => (
        <SheetCell
          key={grade}
          label={t('prices.cell', { name, grade })}
          stored={row.prices[grade].price_cents}
          next={row.prices[grade].next}
          draft={draftAt(sheet.draft, id, grade)}
          isMarked={holds(block, { row: index, column })}
          hasCursor={cursor.row === index && cursor.column === column}
          sheet={sheet}
          onMouseDown={press(column)}
          onMouseEnter={drag(column)}
        />
      ))}
      {sheet.seesMoney && (
        <div role="gridcell" className={classes.look}>
          {row.sold_cents == null ? '–' : writeAmount(row.sold_cents, locale)}
        </div>
      )}
      <div role="gridcell" className={classes.look}>
        {row.sold}
      </div>
      <div role="gridcell" className={classes.look}>
        {row.here}
      </div>
    </div>
  )
}
