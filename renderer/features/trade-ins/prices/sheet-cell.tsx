import { useEffect, useRef, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnread, writeAmount } from '../../../ui/fields/amount.ts'
import { useFormat } from '../../../ui/format.ts'
import type { Cell } from './cells.ts'
import classes from './prices.module.css'
import type { Row } from './requests.ts'
import type { SheetState } from './use-sheet.ts'

type Props = {
  label: string
  stored: number | null
  next: Row['prices']['A']['next']
  draft: Cell | undefined
  isMarked: boolean
  hasCursor: boolean
  sheet: SheetState
  onMouseDown: (event: MouseEvent) => void
  onMouseEnter: (event: MouseEvent) => void
}

/** A price: what is stored, and beside it struck what a draft replaces. The cell with the cursor is a field. */
export function SheetCell({ label, stored, next, draft, isMarked, hasCursor, sheet, ...mouse }: Props) {
  const { t } = useTranslation('trade-ins')
  const { locale, day } = useFormat()
  const price = draft ? draft.price : stored
  const written = isUnread(price) ? price : writeAmount(price, locale)
  const isBad = draft !== undefined && isUnread(draft.price)
  const planned = next?.price_cents == null ? t('prices.noPrice') : writeAmount(next.price_cents, locale)
  const title = next ? t('prices.planned', { price: planned, day: day(next.at) }) : undefined
  return (
    <div
      role="gridcell"
      aria-selected={isMarked}
      className={classes.cell}
      data-new={draft !== undefined || undefined}
      data-bad={isBad || undefined}
      data-at={hasCursor || undefined}
      data-planned={next !== null || undefined}
      title={title}
      {...(!sheet.mayEdit &&
        hasCursor && { tabIndex: 0, 'data-cursor': true, 'aria-label': `${label}: ${written || '–'}` })}
      {...mouse}
    >
      {draft && stored !== null && <s>{writeAmount(stored, locale).replace(/[.,]00$/, '')}</s>}
      {sheet.mayEdit && hasCursor ? (
        <CellField label={label} written={written} isBad={isBad} sheet={sheet} />
      ) : (
        <span className={written === '' ? classes.dim : undefined}>{written === '' ? '–' : written}</span>
      )}
    </div>
  )
}

type FieldProps = { label: string; written: string; isBad: boolean; sheet: SheetState }

function CellField({ label, written, isBad, sheet }: FieldProps) {
  const field = useRef<HTMLInputElement>(null)
  // As in a sheet: what is typed replaces what is there.
  useEffect(() => {
    if (document.activeElement === field.current) field.current?.select()
  }, [])
  return (
    <input
      ref={field}
      data-cursor
      aria-label={label}
      aria-invalid={isBad}
      className={classes.field}
      inputMode="decimal"
      autoComplete="off"
      value={sheet.typed ?? written}
      onChange={({ currentTarget }) => sheet.type(currentTarget.value)}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onMouseDown={(event) => {
        // One press marks all that is there; the second of two goes to where it is.
        if (sheet.typed !== null || event.detail > 1) return
        event.preventDefault()
        event.currentTarget.focus()
        event.currentTarget.select()
      }}
      onBlur={sheet.commit}
    />
  )
}
