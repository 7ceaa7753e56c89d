import { useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { leaveField } from '../../ui/focus-keeper.ts'
import { fieldOf, typeInto } from '../../ui/scanner/text-fields.ts'
import { readScan } from '../../ui/scanner/scan.ts'
import { useAsSearchField } from '../../ui/scanner/search-field.ts'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { rememberOpened } from './recent.ts'
import type { Row } from './search.ts'
import { useSearchRows } from './use-search-rows.ts'
import { useScanned } from './use-scanned.ts'

/** The field of the search: what is typed, what is found, and the keys. */
export function useSearchBox() {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const go = useNavigate()
  const [typed, setTyped] = useState('')
  const [opened, setOpened] = useState(false)
  const [scanned, setScanned] = useState('')
  const found = useSearchRows(typed, scanned)
  const cursor = useCursor(input, scanned)

  const open = () => setOpened(true)
  const close = () => setOpened(false)
  useShortcuts([{ keys: ['F3', 'mod+k'], label: t('shortcuts.search'), general: true, run: cursor.seek }])
  const openScanned = useScanned({ choose, show })
  return { ...found, input, typed, opened, open, type, choose, leave, onFocus, onClick, onKeyDown }

  function setText(text: string) {
    setTyped(text)
    found.point(undefined)
  }

  function type(text: string) {
    setText(text)
    open()
  }

  function show(code: string) {
    // The next scan may begin with the key that ended this one: the field must show this one by then.
    flushSync(() => {
      setScanned(code)
      type(code)
    })
    cursor.markDeliberate()
    input.current?.focus()
  }

  function choose(row: Row, takeIn = false) {
    rememberOpened(row)
    setText('')
    close()
    leaveField(input.current)
    void go((takeIn && row.takeIn) || row.to)
  }

  function leave({ relatedTarget, currentTarget }: FocusEvent) {
    if (!currentTarget.contains(relatedTarget)) close()
  }

  function onFocus(event: FocusEvent) {
    cursor.comesFrom(event.relatedTarget)
    open()
  }

  function onClick() {
    cursor.markDeliberate()
    open()
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.rows.length > 0) {
      open()
      cursor.markDeliberate()
      found.step(step)
    } else if (event.key === 'Enter' && opened) enter(event.ctrlKey || event.metaKey)
    else if (event.key === 'Escape') backOut()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** Text typed without focus is looked up like a scan: it opens an exact match only, and starts no intake. */
  function enter(takeIn: boolean) {
    if (found.query === '' || !cursor.typedWithoutFocus()) return found.withActive((row) => choose(row, takeIn))
    const scan = readScan(typed)
    cursor.markDeliberate()
    setText('')
    void openScanned(scan)
  }

  /** First closes the rows, then empties the field, then leaves it; text typed without focus is dropped at once. */
  function backOut() {
    if (opened && found.query && !cursor.typedWithoutFocus()) return close()
    const empty = typed === ''
    setText('')
    close()
    if (empty || cursor.typedWithoutFocus()) cursor.goBack()
  }
}

/** Where the cursor came from into the search, and whether it was sent there by typing with the cursor in no field. */
function useCursor(input: RefObject<HTMLInputElement | null>, scanned: string) {
  const origin = useRef<EventTarget | null>(null)
  const withoutFocus = useRef(false)
  const markDeliberate = () => {
    withoutFocus.current = false
  }
  useAsSearchField(input, {
    startEmpty() {
      const field = fieldOf(input.current)
      if (!field) return
      typeInto(field, '', '')
      field.element.focus()
      withoutFocus.current = true
    },
    selectOldCode() {
      const code = input.current?.value ?? ''
      const isCode = code === scanned || (withoutFocus.current && /\d/.test(code) && code.length >= 6)
      if (code === '' || !isCode) return
      input.current?.select()
      withoutFocus.current = true
    },
    typedWithoutFocus: () => withoutFocus.current,
  })
  return {
    markDeliberate,
    typedWithoutFocus: () => withoutFocus.current,
    comesFrom: (element: EventTarget | null) => {
      markDeliberate()
      if (element) origin.current = element
    },
    seek() {
      markDeliberate()
      input.current?.focus()
      input.current?.select()
    },
    goBack() {
      markDeliberate()
      const before = origin.current
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
      else leaveField(input.current)
    },
  }
}
