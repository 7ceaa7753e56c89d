import { isNobodys, isTyped, pressedOf } from './chords.ts'
import { choicesAt } from './choices.ts'
import type { Stroke } from './layouts.ts'
import { fieldOf, isSecret, isTyping, kindOf, openDialog, putBack, write, type Field } from './places.ts'
import {
  burstOf,
  isForeignLabel,
  isNoChoosing,
  isWhole,
  MACHINE_MS,
  PAUSE_MS,
  saysCode,
  SHORTEST,
  textOf,
  type Typed,
} from './runs.ts'
import { searchField } from './search-field.ts'

/** A character and where it went: into a field, into a group of choices, or nowhere. */
type Key = Typed & { field?: Field; takeBack?: () => void; kept?: true }

export type Listener = {
  /** A scan came; `ended` by Enter or Tab. */
  deliver: (typed: string, strokes: readonly Stroke[], ended: boolean) => void
  /** A scan came while a dialog was open. */
  keep: (typed: string) => void
  /** Whether anybody takes scans: who signs in by a program that types must be left alone. */
  isHeard: () => boolean
}

/** Scanners that end a code with two characters press Enter twice. */
const TWICE_MS = 300
/** An Enter so soon after characters that went nowhere belongs to them, and presses nothing. */
const THEIRS_MS = 1_000

/**
 * Tells scans from typing, by speed and by what they say, before anything else hears the keys. What a scan has typed into a
 * field is taken out again; characters that come with the cursor in no field go to the global search, from the first one
 * on. Answers how to stop.
 */
export function listenForScans({ deliver, keep, isHeard }: Listener): () => void {
  let run: Key[] = []
  /** The characters of a burst that are held back from their field. */
  let held: Key[] = []
  let ending: ReturnType<typeof setTimeout> | undefined
  /** When the last scan was ended by its Enter. */
  let ended = -Infinity

  window.addEventListener('keydown', hear, { capture: true })
  return () => {
    clearTimeout(ending)
    window.removeEventListener('keydown', hear, { capture: true })
  }

  function hear(event: KeyboardEvent) {
    if (event.isComposing || MODIFIERS.has(event.key)) return
    const pressed = pressedOf(event)
    if (isNobodys(pressed)) return /[jm]/i.test(event.key) ? finish(event) : undefined
    if (event.key === 'Enter' || event.key === 'Tab') {
      if (event.ctrlKey || event.metaKey || event.altKey) return settle()
      return finish(event)
    }
    if (!isTyped(pressed) || event.repeat) {
      if (event.altKey && event.code.startsWith('Numpad')) toSearch()
      return settle()
    }
    gather(event)
  }

  function gather(event: KeyboardEvent) {
    const { key, code, shiftKey, timeStamp } = event
    const pause = pauseBefore(event)
    if (pause > PAUSE_MS || (held.length > 0 && pause > MACHINE_MS)) settle()
    const typed: Key = { text: key, at: timeStamp, code, shift: shiftKey }
    place(event, typed)
    clearTimeout(ending)
    ending = setTimeout(settle, run.some(goesNowhere) ? THEIRS_MS : PAUSE_MS)
  }

  /** How long nothing was typed; for ever at the beginning. */
  function pauseBefore({ timeStamp }: KeyboardEvent) {
    const last = run.at(-1)
    return last && timeStamp >= last.at ? timeStamp - last.at : Infinity
  }

  /** Where the character goes. */
  function place(event: KeyboardEvent, typed: Key) {
    const { target } = event
    if (run.length === 0 && target === searchField()?.element) searchField()?.renew()
    if (isTyping(target)) return intoField(event, { ...typed, ...fieldPart(target) })
    if (event.key === ' ') return settle()
    if (openDialog()) {
      swallow(event)
      run.push({ ...typed, kept: true })
      return
    }
    const choose = choicesAt(target)
    if (choose) return intoChoices(event, typed, choose)
    if (run.some(({ takeBack }) => takeBack)) return outOfChoices(event, typed)
    if (toSearch()) return intoField(event, { ...typed, ...fieldPart(document.activeElement) })
    run.push(typed)
    holdBack(event)
  }

  function intoField(event: KeyboardEvent, typed: Key) {
    run.push(typed)
    if (isHeard() && !isSecret(event.target)) holdBack(event)
  }

  function holdBack(event: KeyboardEvent) {
    const burst = burstOf(run)
    if (burst.length === 0) return
    if (held.length === 0 && burst[0]?.field) putBack(burst[0].field)
    held = burst
    swallow(event)
  }

  function intoChoices(event: KeyboardEvent, typed: Key, choose: (index: number) => (() => void) | undefined) {
    const index = /^\d$/.test(typed.text) ? (Number(typed.text) + 9) % 10 : null
    run.push(typed)
    if (isNoChoosing(run)) {
      run.pop()
      return outOfChoices(event, typed)
    }
    swallow(event)
    typed.takeBack = (index !== null && choose(index)) || (() => undefined)
  }

  /** It was no choosing: what was chosen is taken back, and all of it goes to the search. */
  function outOfChoices(event: KeyboardEvent, typed: Key) {
    const before = run
    for (const { takeBack } of before.toReversed()) takeBack?.()
    run = []
    if (!toSearch()) return
    const field = fieldOf(document.activeElement)
    if (field) write(field, textOf(before))
    run = before.map(({ takeBack: _, ...key }) => ({ ...key, ...(field && { field }) }))
    intoField(event, { ...typed, ...fieldPart(document.activeElement) })
  }

  /** Enter, or what scanners send for it. */
  function finish(event: KeyboardEvent) {
    if (Math.abs(event.timeStamp - ended) < TWICE_MS) return swallow(event)
    const pause = pauseBefore(event)
    if (pause > THEIRS_MS) return settle()
    const burst = held.length > 0 ? held : codeIn(true, pause)
    if (burst.length > 0) {
      swallow(event)
      ended = event.timeStamp
      send(burst, true)
    } else if (run.some(goesNowhere) && !hasPinPad()) {
      swallow(event)
      settle()
    }
    forget()
  }

  /** What has come so far is all: a scan without an end, or typing. */
  function settle() {
    clearTimeout(ending)
    const burst = held.length > 0 ? (isUnendedScan(held) ? held : []) : codeIn(false, 0)
    const kept = run.filter((key) => key.kept)
    if (burst.length > 0) send(burst, false)
    else if (held[0]?.field) write(held[0].field, textOf(held))
    else if (kept.length > 0) keep(kept.length < SHORTEST ? '' : textOf(kept))
    forget()
  }

  /** A code that came at a hand's speed, into a field that is for something else. */
  function codeIn(ended: boolean, pause: number): Key[] {
    const field = run[0]?.field
    if (!field || !isHeard() || pause > PAUSE_MS || run.some((key) => key.field?.element !== field.element)) return []
    const search = searchField()
    const isCode =
      field.element === search?.element
        ? ended
          ? search.isBlind() && field.element.value === textOf(run)
          : isForeignLabel(run)
        : run.length >= SHORTEST - 1 && saysCode(run, kindOf(field.element), ended)
    if (isCode) putBack(field)
    return isCode ? run : []
  }

  function send(burst: Key[], ended: boolean) {
    const code = textOf(burst)
    if (openDialog()) keep(code)
    else deliver(code, burst, ended)
  }

  function forget() {
    clearTimeout(ending)
    run = []
    held = []
  }
}

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'Dead'])

/** It went into no field and no group: a dialog is open, or the screen has no search. */
const goesNowhere = ({ field, takeBack }: Key) => !field && !takeBack

/** A burst that is as long as a code. Into the search somebody may paste by such keys what they look for. */
function isUnendedScan(held: readonly Key[]): boolean {
  const search = searchField()
  if (search && held[0]?.field?.element === search.element && !search.isBlind()) return isForeignLabel(held)
  return isWhole(held)
}

/** Its digits are typed by keys wherever the cursor is. */
const hasPinPad = () => document.querySelector('[data-pin-pad]') !== null

const fieldPart = (target: EventTarget | null) => {
  const field = fieldOf(target)
  return field && { field }
}

/** Puts the cursor into the global search, empty, where there is one and no dialog stands before it. */
function toSearch(): boolean {
  const search = searchField()
  if (!search || openDialog()) return false
  search.begin()
  return true
}

function swallow(event: KeyboardEvent) {
  event.preventDefault()
  event.stopImmediatePropagation()
}
