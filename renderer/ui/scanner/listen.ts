import { isScannerControl, isTyped, pressedOf } from './chords.ts'
import { choicesAt } from './choices.ts'
import type { KeyStroke } from './layouts.ts'
import { fieldOf, isSecret, isTyping, kindOf, openDialog, restoreField, typeInto, type Field } from './text-fields.ts'
import {
  burstOf,
  goesOnWithSlower,
  isForeignLabel,
  isScanAmongChoices,
  looksScanned,
  MAX_LATE_KEY_MS,
  MAX_MACHINE_GAP_MS,
  MAX_SCANNER_GAP_MS,
  looksLikeCode,
  MIN_BURST_LENGTH,
  textOf,
  type TypedCharacter,
} from './runs.ts'
import { searchField } from './search-field.ts'

/** A character and where it went: into a field, into a group of choices, or into neither. */
type PlacedKey = TypedCharacter & { field?: Field; takeBack?: () => void; kept?: true }

export type Listener = {
  /** A scan came; `ended` by Enter or Tab. */
  deliver: (typed: string, strokes: readonly KeyStroke[], ended: boolean) => void
  /** A scan came while a dialog was open. */
  keepForLater: (typed: string) => void
  /** Digits that came at a hand's speed were taken out of an amount, as a code; `putBack` types them there after all. */
  takenFromAmount: (typed: string, putBack: () => void) => void
  /** Whether anybody takes scans: who signs in by a program that types must be left alone. */
  hasHandlers: () => boolean
}

/** Scanners that end a code with two characters press Enter twice. */
const DOUBLE_ENTER_MS = 300
/** An Enter this soon after characters that reached no field belongs to them, and presses nothing. */
const STRAY_ENTER_MS = 1_000

/**
 * Tells scans from typing, by speed and by what they say, before any other key listener. What a scan has typed into a
 * field is taken out again; characters that come with the cursor in no field go to the global search, from the first one
 * on. Answers how to stop.
 */
export function listenForScans({ deliver, keepForLater, takenFromAmount, hasHandlers }: Listener): () => void {
  let run: PlacedKey[] = []
  /** The characters of a burst that are held back from their field. */
  let withheld: PlacedKey[] = []
  let ending: ReturnType<typeof setTimeout> | undefined
  /** When the last scan was ended by its Enter. */
  let ended = -Infinity
  /** When the last digit of an ALT mode came. */
  let altCodeAt = -Infinity

  window.addEventListener('keydown', onKeyDown, { capture: true })
  return () => {
    clearTimeout(ending)
    window.removeEventListener('keydown', onKeyDown, { capture: true })
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing || MODIFIERS.has(event.key)) return
    const pressed = pressedOf(event)
    if (isScannerControl(pressed)) return /[jm]/i.test(event.key) ? finish(event) : undefined
    if (isHeldEnter(event)) return suppressKey(event)
    if (event.key === 'Enter' || event.key === 'Tab') {
      if (event.ctrlKey || event.metaKey || event.altKey) return endRun()
      return finish(event)
    }
    if (!isTyped(pressed) || event.repeat) {
      endRun()
      if (event.altKey && event.code.startsWith('Numpad')) beginAltCode(event)
      return
    }
    gather(event)
  }

  /**
   * Scanners in ALT mode type each character by its number, with Alt, on the number pad. The browser types it into what has
   * the cursor when Alt is let go: with the cursor in no field that is the search, from the first digit on.
   */
  function beginAltCode({ target, timeStamp }: KeyboardEvent) {
    const isFirst = timeStamp - altCodeAt > MAX_SCANNER_GAP_MS
    altCodeAt = timeStamp
    if (!isTyping(target)) focusSearch()
    else if (isFirst && target === searchField()?.element) searchField()?.selectOldCode()
  }

  function gather(event: KeyboardEvent) {
    const { key, code, shiftKey, timeStamp } = event
    const pause = pauseBefore(event)
    if (pause > (withheld.length > 0 ? MAX_LATE_KEY_MS : MAX_SCANNER_GAP_MS)) endRun()
    const typed: PlacedKey = { text: key, at: timeStamp, code, shift: shiftKey }
    if (withheld.length > 0 && burstOf([...run, typed]).length === 0) putBack()
    routeKey(event, typed)
    clearTimeout(ending)
    ending = setTimeout(endRun, run.some(isUnplaced) ? STRAY_ENTER_MS : MAX_SCANNER_GAP_MS)
  }

  /** How long nothing was typed; for ever at the beginning. */
  function pauseBefore({ timeStamp }: KeyboardEvent) {
    const last = run.at(-1)
    return last && timeStamp >= last.at ? timeStamp - last.at : Infinity
  }

  /** Where the character goes. */
  function routeKey(event: KeyboardEvent, typed: PlacedKey) {
    const { target } = event
    if (run.length === 0 && target === searchField()?.element) searchField()?.selectOldCode()
    if (isTyping(target)) return intoField(event, { ...typed, ...fieldPart(target) })
    if (event.key === ' ' && !goesOnWith(event)) return endRun()
    if (openDialog()) {
      suppressKey(event)
      run.push({ ...typed, kept: true })
      return
    }
    const choose = choicesAt(target)
    if (choose) return intoChoices(event, typed, choose)
    if (run.some(({ takeBack }) => takeBack)) return outOfChoices(event, typed)
    if (focusSearch()) return intoField(event, { ...typed, ...fieldPart(document.activeElement) })
    run.push(typed)
    withholdBurst(event)
  }

  /** A space presses the button that has the focus, unless it is part of a code. */
  function goesOnWith(event: KeyboardEvent) {
    return run.length > 0 && (openDialog() !== null || pauseBefore(event) <= MAX_MACHINE_GAP_MS)
  }

  function intoField(event: KeyboardEvent, typed: PlacedKey) {
    run.push(typed)
    if (hasHandlers() && !isSecret(event.target)) withholdBurst(event)
  }

  function withholdBurst(event: KeyboardEvent) {
    const burst = burstOf(run)
    if (burst.length === 0) return
    if (burst[0] !== withheld[0] && burst[0]?.field) restoreField(burst[0].field)
    withheld = burst
    suppressKey(event)
  }

  /** It was a hand after all: what was held back from its field goes there. */
  function putBack() {
    if (withheld[0]?.field) typeInto(withheld[0].field, textOf(withheld))
    withheld = []
  }

  function intoChoices(event: KeyboardEvent, typed: PlacedKey, choose: (index: number) => (() => void) | undefined) {
    const index = /^\d$/.test(typed.text) ? (Number(typed.text) + 9) % 10 : null
    run.push(typed)
    if (isScanAmongChoices(run)) {
      run.pop()
      return outOfChoices(event, typed)
    }
    suppressKey(event)
    typed.takeBack = (index !== null && choose(index)) || (() => undefined)
  }

  /** It was no choosing: what was chosen is taken back, and all of it goes to the search. */
  function outOfChoices(event: KeyboardEvent, typed: PlacedKey) {
    const before = run
    for (const { takeBack } of before.toReversed()) takeBack?.()
    run = []
    if (!focusSearch()) return
    const field = fieldOf(document.activeElement)
    if (field) typeInto(field, textOf(before))
    run = before.map(({ takeBack: _, ...key }) => ({ ...key, ...(field && { field }) }))
    intoField(event, { ...typed, ...fieldPart(document.activeElement) })
  }

  /** Enter, or what scanners send for it. */
  function finish(event: KeyboardEvent) {
    if (Math.abs(event.timeStamp - ended) < DOUBLE_ENTER_MS) return suppressKey(event)
    if (event.target === searchField()?.element && searchField()?.typedWithoutFocus()) ended = event.timeStamp
    const pause = pauseBefore(event)
    if (pause > STRAY_ENTER_MS) return endRun()
    const code = codeAtEnd(true, pause)
    if (code.length > 0) {
      suppressKey(event)
      ended = event.timeStamp
      send(code, true)
    } else if (run.some(isUnplaced) && !hasPinPad()) {
      suppressKey(event)
      endRun()
    }
    forget()
  }

  /** What has come so far is all: a scan without an end, or typing. */
  function endRun() {
    clearTimeout(ending)
    const code = codeAtEnd(false, 0)
    const kept = run.filter((key) => key.kept)
    if (code.length > 0 && (code !== withheld || isUnendedScan(code))) send(code, false)
    else if (withheld[0]?.field) putBack()
    else if (kept.length > 0) keepForLater(kept.length < MIN_BURST_LENGTH ? '' : textOf(kept))
    forget()
  }

  /**
   * The code that has come. A scanner that was slow at first is one all the same: before a burst is taken for the whole, what
   * came before it is asked whether it belongs to it. A burst that goes on with slower keys without being a code with them
   * may be half of one: no half is a scan, and it stays where it was typed.
   */
  function codeAtEnd(ended: boolean, pause: number): PlacedKey[] {
    const [first] = withheld
    if (!first) return codeIn(run, ended, pause)
    const from = run.indexOf(first)
    for (let start = 0; start < from; start++) {
      const code = codeIn(run.slice(start), ended, pause)
      if (code.length > 0) return code
    }
    if (!goesOnWithSlower(run, from)) return withheld
    if (!first.field) return run
    putBack()
    return []
  }

  /** A code that came at a hand's speed, into a field that is for something else. */
  function codeIn(keys: PlacedKey[], ended: boolean, pause: number): PlacedKey[] {
    const field = keys[0]?.field
    if (
      !field ||
      !hasHandlers() ||
      pause > MAX_SCANNER_GAP_MS ||
      keys.some((key) => key.field?.element !== field.element)
    )
      return []
    const search = searchField()
    const isAllOf = ({ value }: Field['element']) => value + textOf(withheld) === textOf(keys)
    const isCode =
      field.element === search?.element
        ? ended
          ? search.typedWithoutFocus() && isAllOf(search.element) && looksLikeCode(keys, 'text', true)
          : isForeignLabel(keys)
        : keys.length >= MIN_BURST_LENGTH - 1 && looksLikeCode(keys, kindOf(field.element), ended)
    if (isCode) restoreField(field)
    return isCode ? keys : []
  }

  function send(burst: PlacedKey[], ended: boolean) {
    const code = textOf(burst)
    const field = burst[0]?.field
    // A hand may have typed digits into an amount: it is said, before whoever takes the code says more.
    const isSlow = burst !== withheld && /^\d+$/.test(code)
    const isFromHand = isSlow && field !== undefined && kindOf(field.element) === 'amount'
    if (isFromHand) takenFromAmount(code, () => void (field.element.isConnected && typeInto(field, code)))
    if (!openDialog()) deliver(code, burst, ended)
    else if (!isFromHand) keepForLater(code)
  }

  function forget() {
    clearTimeout(ending)
    run = []
    withheld = []
  }
}

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'Dead'])

/** One press is one act: what has the focus by the time the key repeats was not meant. In a text it makes lines. */
const isHeldEnter = ({ key, repeat, target }: KeyboardEvent) =>
  key === 'Enter' && repeat && !(target instanceof HTMLTextAreaElement)

/** It went into no field and no group: a dialog is open, or the screen has no search. */
const isUnplaced = ({ field, takeBack }: PlacedKey) => !field && !takeBack

/** A burst that is as long as a code. Into the search somebody may paste by such keys what they look for. */
function isUnendedScan(withheld: readonly PlacedKey[]): boolean {
  const search = searchField()
  if (search && withheld[0]?.field?.element === search.element && !search.typedWithoutFocus())
    return isForeignLabel(withheld)
  return looksScanned(withheld)
}

/** Its digits are typed by keys wherever the cursor is. */
const hasPinPad = () => document.querySelector('[data-pin-pad]') !== null

const fieldPart = (target: EventTarget | null) => {
  const field = fieldOf(target)
  return field && { field }
}

/** Puts the cursor into the global search, empty, where there is one and no dialog stands before it. */
function focusSearch(): boolean {
  const search = searchField()
  if (!search || openDialog()) return false
  search.startEmpty()
  return true
}

function suppressKey(event: KeyboardEvent) {
  event.preventDefault()
  event.stopImmediatePropagation()
}
