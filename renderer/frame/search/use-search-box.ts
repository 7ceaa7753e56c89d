import { useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { leaveField } from '../../ui/focus-keeper.ts'
import { fieldOf, write } from '../../ui/scanner/places.ts'
import { readScan } from '../../ui/scanner/scan.ts'
import { deliver } from '../../ui/scanner/scanner.ts'
import { useAsSearchField } from '../../ui/scanner/search-field.ts'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { noteOpened } from './recent.ts'
import type { Row } from './search.ts'
import { useFound } from './use-found.ts'
import { useScanned } from './use-scanned.ts'

/** The field of the search: what is typed, what is found, and the keys. */
export function useSearchBox() {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const go = useNavigate()
  const [typed, setTyped] = useState('')
  const [opened, setOpened] = useState(false)
  const [scanned, setScanned] = useState('')
  const found = useFound(typed, scanned)
  const cursor = useCursor(input, scanned)

  const open = () => setOpened(true)
  const close = () => setOpened(false)
  useShortcuts([{ keys: ['F3', 'mod+k'], label: t('shortcuts.search'), general: true, run: cursor.seek }])
  useScanned({ choose, show })
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
    // The next scan may begin with the key that ended this one: by then it stands there.
    flushSync(() => {
      setScanned(code)
      type(code)
    })
    cursor.settle()
    input.current?.focus()
  }

  function choose(row: Row, takeIn = false) {
    noteOpened(row)
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
    cursor.settle()
    open()
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.rows.length > 0) {
      open()
      cursor.settle()
      found.step(step)
    } else if (event.key === 'Enter' && opened) enter(event.ctrlKey || event.metaKey)
    else if (event.key === 'Escape') backOut()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** What was typed blindly is looked up as a scan is: it opens what is meant beyond doubt, and begins nothing. */
  function enter(takeIn: boolean) {
    if (found.query === '' || !cursor.isBlind()) return found.withMeant((row) => choose(row, takeIn))
    const scan = readScan(typed)
    cursor.settle()
    setText('')
    deliver(scan, true)
  }

  /** First closes the rows, then empties the box, then leaves it; what was typed blindly goes at once. */
  function backOut() {
    if (opened && found.query && !cursor.isBlind()) return close()
    const empty = typed === ''
    setText('')
    close()
    if (empty || cursor.isBlind()) cursor.goBack()
  }
}

/** Where the cursor came from into the search, and whether it was sent there by typing with the cursor in no field. */
function useCursor(input: RefObject<HTMLInputElement | null>, scanned: string) {
  const origin = useRef<EventTarget | null>(null)
  const blind = useRef(false)
  const settle = () => {
    blind.current = false
  }
  useAsSearchField(input, {
    begin() {
      const field = fieldOf(input.current)
      if (!field) return
      write(field, '', '')
      field.element.focus()
      blind.current = true
    },
    renew() {
      const code = input.current?.value ?? ''
      const isCode = code === scanned || (blind.current && /\d/.test(code) && code.length >= 6)
      if (code === '' || !isCode) return
      input.current?.select()
      blind.current = true
    },
    isBlind: () => blind.current,
  })
  return {
    settle,
    isBlind: () => blind.current,
    comesFrom: (element: EventTarget | null) => {
      settle()
      if (element) origin.current = element
    },
    seek() {
      settle()
      input.current?.focus()
      input.current?.select()
    },
    goBack() {
      settle()
      const before = origin.current
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
      else leaveField(input.current)
    },
  }
}
