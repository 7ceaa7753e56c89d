import type { ClipboardEvent, KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnread, writeAmount } from '../../../ui/fields/amount.ts'
import { useFormat } from '../../../ui/format.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { readPrice, rowId } from './cells.ts'
import { pasteAt } from './paste.ts'
import { blockOf, isOne, only, placeAfter } from './selection.ts'
import { priceOf, type SheetState } from './use-sheet.ts'

/** The keys of a sheet: arrows move, with Shift they mark, Delete empties, Enter goes down; copying and pasting of blocks. */
export function useSheetKeys(sheet: SheetState, show: () => void) {
  const { t } = useTranslation('trade-ins')
  const { locale } = useFormat()
  const { rows, selection, mayEdit } = sheet
  const { at } = selection

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event
    // Headings are pressed by their own keys.
    if (altKey || target instanceof HTMLButtonElement) return
    const ctrl = ctrlKey || metaKey
    if (key === 'Enter' && !ctrl)
      return act(event, () => sheet.mark(only(placeAfter('ArrowDown', at, rows.length, false)!)))
    if (key === 'Escape') return escape(event)
    if (mayEdit && !ctrl && (key === 'Delete' || key === 'Backspace') && holdsWhole(target, sheet.typed))
      return act(event, () => sheet.changeMarked(() => null))
    const to = placeAfter(key, at, rows.length, ctrl)
    // Sideways keys are the field's while it is typed in, or once it was pressed somewhere.
    if (!to || (isSideways(key) && !holdsWhole(target, sheet.typed))) return
    act(event, () => sheet.mark(shiftKey ? { anchor: selection.anchor, at: to } : only(to)))
  }

  function act(event: KeyboardEvent, run: () => void) {
    event.preventDefault()
    run()
    show()
  }

  /** One press gives up one thing: what is typed, then what is marked. */
  function escape(event: KeyboardEvent) {
    if (sheet.typed !== null) act(event, () => sheet.type(null))
    else if (!isOne(selection)) act(event, () => sheet.mark(only(at)))
  }

  function onPaste(event: ClipboardEvent<HTMLElement>) {
    const text = event.clipboardData.getData('text/plain')
    if (!mayEdit || text === '') return
    const isBlock = /[\t\r\n]/.test(text.trimEnd())
    // One value into a field that is being edited is the field's.
    if (!isBlock && sheet.typed !== null) return
    event.preventDefault()
    if (!isBlock && !isOne(selection)) return sheet.changeMarked(() => readPrice(text, locale))
    const { top, left } = blockOf(selection)
    const { cells, beyond } = pasteAt(text, { row: top, column: left }, rows.map(rowId), locale)
    sheet.put(cells)
    const bad = cells.filter(({ price }) => isUnread(price)).length
    if (isBlock || beyond > 0) toast(pasteReport(cells.length - bad, bad, beyond), { bad: bad + beyond > 0 })
  }

  function pasteReport(good: number, bad: number, beyond: number): string {
    return [
      t('prices.pasted', { count: good }),
      bad > 0 && t('prices.pastedBad', { count: bad }),
      beyond > 0 && t('prices.pastedBeyond', { count: beyond }),
    ]
      .filter(Boolean)
      .join(' ')
  }

  function onCopy(event: ClipboardEvent<HTMLElement>) {
    if (!(event.target instanceof HTMLElement) || (isOne(selection) && sheet.typed !== null)) return
    const { top, bottom, left, right } = blockOf(selection)
    const lines = rows.slice(top, bottom + 1).map((row) =>
      Array.from({ length: right - left + 1 }, (_, index) => {
        const price = priceOf(row, sheet.draft, left + index)
        return isUnread(price) ? price : writeAmount(price, locale)
      }).join('\t'),
    )
    event.preventDefault()
    event.clipboardData.setData('text/plain', lines.join('\n'))
  }

  return { onKeyDown, onPaste, onCopy }
}

const isSideways = (key: string) => key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Home' || key === 'End'

/** Whether the whole field is marked, as it is when the cursor comes to it. */
function holdsWhole(target: EventTarget, typed: string | null): boolean {
  if (typed !== null) return false
  if (!(target instanceof HTMLInputElement)) return true
  const { selectionStart, selectionEnd, value } = target
  return selectionStart === 0 && selectionEnd === value.length
}
