import { IconSearch } from '@tabler/icons-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { queryClient } from '../../query.ts'
import { useMayWork } from '../../session.ts'
import { useAnswerFor } from '../../ui/fields/use-answer-for.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useScanner, writeScan, type Scan } from '../../ui/scanner/scanner.ts'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { FoundRows } from './found-rows.tsx'
import classes from './global-search.module.css'
import { noteOpened, useRecent } from './recent.ts'
import { newcomersOf, rowsOf, searchAnything, searchQuery, useSearch, type Row } from './search.ts'

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
  /** The key of the row that an arrow or the mouse has pointed at; else the first one is meant. */
  const [pointed, setPointed] = useState<string | null>(null)
  const [scanned, setScanned] = useState('')
  const recent = useRecent((state) => state.rows)
  const { data, error, isPlaceholderData, waiting } = useSearch(typed)

  const query = typed.trim()
  const found = query && data ? data : []
  const fresh = query === '' || (data !== undefined && !isPlaceholderData)
  const nothing = query !== '' && fresh && found.length === 0
  const offer = useOffer(scanned)
  const rows = query === '' ? offer(recent) : offer(found, nothing ? query : '')
  const active = rows.find(({ key }) => key === pointed) ?? rows[0]
  const answerFor = useAnswerFor(query)

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
    setPointed(null)
    open()
  }

  function choose(row: Row, takeIn = false) {
    noteOpened(row)
    setTyped('')
    setPointed(null)
    close()
    input.current?.blur()
    void go((takeIn && row.takeIn) || row.to)
  }

  function point(row: Row) {
    setPointed(row.key)
  }

  function leave({ relatedTarget, currentTarget }: React.FocusEvent) {
    if (!currentTarget.contains(relatedTarget)) close()
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && rows.length > 0) {
      open()
      const at = active ? rows.indexOf(active) : 0
      setPointed(rows[(at + step + rows.length) % rows.length]?.key ?? null)
    } else if (event.key === 'Enter' && opened) enter(event.ctrlKey || event.metaKey)
    else if (event.key === 'Escape') backOut()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** What is shown for an earlier text counts only where it was pointed at. */
  function enter(takeIn: boolean) {
    if (active && (fresh || active.key === pointed)) return choose(active, takeIn)
    if (fresh) return
    void answerFor(
      (q) => queryClient.fetchQuery(searchQuery(q)),
      (answer) => {
        const [first] = answer ? offer(rowsOf(answer), query) : []
        if (first) choose(first, takeIn)
      },
    )
  }

  /** First closes the rows, then empties the box, then leaves it. */
  function backOut() {
    if (opened && query) close()
    else if (typed) type('')
    else input.current?.blur()
  }

  /** One answer is opened; several are shown to choose from. */
  async function openScanned(scan: Scan) {
    const { kind, value } = scan
    const code = writeScan(scan)
    const answer = await searchAnything(code).catch(() => undefined)
    const rows = answer ? rowsOf(answer) : []
    const exact = rows.filter((row) => row.kind === 'ticket' && sameNumber(row.hit.ticket_number, value))
    const candidates = kind === 'ticket' || exact.length === 1 ? exact : rows
    const [only] = candidates
    if (only && candidates.length === 1) return choose(only)
    setScanned(code)
    type(code)
    input.current?.focus()
  }
}

/**
 * The rows with what this person may do with them: who takes devices in may do so with a newcomer, when nobody is known.
 * `scanned` is what the scanner, and no person, has typed.
 */
function useOffer(scanned: string) {
  const mayWork = useMayWork()
  return (rows: readonly Row[], newcomer = '') => {
    if (!mayWork) return rows.map(withoutTakeIn)
    return rows.length === 0 && newcomer !== '' ? newcomersOf(newcomer, newcomer === scanned) : rows
  }
}

const withoutTakeIn = ({ takeIn: _, ...row }: Row): Row => row

const sameNumber = (a: string, b: string) => a.toLowerCase() === b.trim().toLowerCase()
