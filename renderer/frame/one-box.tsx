import { IconSearch } from '@tabler/icons-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMayWork } from '../session.ts'
import { Key } from '../ui/key.tsx'
import { useScanner, type Scan } from '../ui/scanner.ts'
import { useShortcuts } from '../ui/shortcuts.ts'
import { FoundRows } from './found-rows.tsx'
import classes from './one-box.module.css'
import { noteOpened, useRecent } from './recent.ts'
import { newcomerRow, rowsOf, searchAnything, useSearch, type Row } from './search.ts'

/** Customers, tickets and devices by whatever is known of them: typed, or scanned with the focus anywhere. */
export function OneBox() {
  const { t } = useTranslation()
  const box = useBox()
  return (
    <search className={classes.search} onBlur={box.leave}>
      <label className={classes.box}>
        <IconSearch size={18} aria-hidden />
        <input
          ref={box.input}
          type="text"
          role="combobox"
          aria-label={t('box.label')}
          aria-expanded={box.opened}
          aria-controls="found"
          aria-autocomplete="list"
          aria-activedescendant={box.opened && box.active ? `found-${box.active.key}` : undefined}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          placeholder={t('box.placeholder')}
          value={box.typed}
          onChange={(event) => box.type(event.currentTarget.value)}
          onFocus={box.open}
          onClick={box.open}
          onKeyDown={box.onKeyDown}
        />
        <Key of="F3" />
      </label>
      {box.opened && <FoundRows {...box} onChoose={box.choose} onPoint={box.point} />}
    </search>
  )
}

function useBox() {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const go = useNavigate()
  const [typed, setTyped] = useState('')
  const [opened, setOpened] = useState(false)
  const [index, setIndex] = useState(0)
  const recent = useRecent((state) => state.rows)
  const { data, error, isPlaceholderData, waiting } = useSearch(typed)

  const query = typed.trim()
  const found = query && data ? data : []
  const nothing = query !== '' && data !== undefined && !isPlaceholderData && found.length === 0
  const mayWork = useMayWork()
  const known = query === '' ? recent : found
  const rows = !mayWork ? known.map(withoutTakeIn) : nothing ? [newcomerRow(query)] : known
  // A row that was drawn earlier still points at its place of now.
  const shown = useRef(rows)
  shown.current = rows
  const active = rows[Math.min(index, rows.length - 1)]

  const open = () => setOpened(true)
  const close = () => setOpened(false)
  useShortcuts([
    {
      keys: ['F3', 'mod+k'],
      label: t('keys.search'),
      general: true,
      run: () => {
        input.current?.focus()
        input.current?.select()
      },
    },
  ])
  useScanner((scan) => {
    void openScanned(scan)
    return true
  })
  return {
    input,
    typed,
    query,
    opened,
    rows,
    active,
    nothing,
    waiting,
    error,
    open,
    type,
    choose,
    point,
    leave,
    onKeyDown,
  }

  function type(text: string) {
    setTyped(text)
    setIndex(0)
    open()
  }

  function choose(row: Row, takeIn = false) {
    noteOpened(row)
    setTyped('')
    setIndex(0)
    close()
    input.current?.blur()
    void go((takeIn && row.takeIn) || row.to)
  }

  function point(row: Row) {
    setIndex(shown.current.indexOf(row))
  }

  function leave({ relatedTarget, currentTarget }: React.FocusEvent) {
    if (!currentTarget.contains(relatedTarget)) close()
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && rows.length > 0) {
      open()
      setIndex((Math.min(index, rows.length - 1) + step + rows.length) % rows.length)
    } else if (event.key === 'Enter' && active && opened) choose(active, event.ctrlKey || event.metaKey)
    else if (event.key === 'Escape') backOut()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** First closes the rows, then empties the box, then leaves it. */
  function backOut() {
    if (opened && query) close()
    else if (typed) type('')
    else input.current?.blur()
  }

  /** One answer is opened; several are shown to choose from. */
  async function openScanned({ kind, value }: Scan) {
    const scanned = await searchAnything(value).catch(() => undefined)
    const rows = scanned ? rowsOf(scanned) : []
    const exact = rows.filter((row) => row.kind === 'ticket' && sameNumber(row.hit.ticket_number, value))
    const candidates = kind === 'ticket' || exact.length === 1 ? exact : rows
    const [only] = candidates
    if (only && candidates.length === 1) return choose(only)
    type(value)
    input.current?.focus()
  }
}

const withoutTakeIn = ({ takeIn: _, ...row }: Row): Row => row

const sameNumber = (a: string, b: string) => a.toLowerCase() === b.trim().toLowerCase()
