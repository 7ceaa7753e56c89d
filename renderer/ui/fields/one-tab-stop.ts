import { useEffect, useRef, type RefObject } from 'react'

/**
 * Makes the buttons of a group one stop of Tab: arrows move among them, up and down to the one that stands nearest in the
 * next row, and Tab comes back to the one that had the cursor last. Fields among them keep their own keys.
 */
export function useOneTabStop<Group extends HTMLElement>(group: RefObject<Group | null>): void {
  const last = useRef<Element | null>(null)
  useEffect(() => markStop(group.current, last.current))
  useEffect(() => {
    const element = group.current
    if (!element) return
    const noteFocus = ({ target }: FocusEvent) => {
      if (!isButton(target)) return
      last.current = target
      markStop(element, target)
    }
    element.addEventListener('focusin', noteFocus)
    element.addEventListener('keydown', moveByArrow)
    return () => {
      element.removeEventListener('focusin', noteFocus)
      element.removeEventListener('keydown', moveByArrow)
    }
  }, [group])
}

const isButton = (target: EventTarget | null): target is HTMLButtonElement => target instanceof HTMLButtonElement

const buttonsIn = (group: Element | null) => [...(group?.querySelectorAll('button') ?? [])]

function markStop(group: Element | null, wanted: Element | null) {
  const buttons = buttonsIn(group)
  const stop = buttons.find((button) => button === wanted) ?? buttons[0]
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 }
const ROWS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

function moveByArrow(event: KeyboardEvent) {
  const { target, currentTarget, key, altKey, ctrlKey, metaKey } = event
  if (altKey || ctrlKey || metaKey || !isButton(target) || !(currentTarget instanceof Element)) return
  const buttons = buttonsIn(currentTarget)
  const step = STEPS[key]
  const next = step
    ? buttons[(buttons.indexOf(target) + step + buttons.length) % buttons.length]
    : ROWS[key] && nearestInNextRow(buttons, target, ROWS[key])
  if (!next) return
  event.preventDefault()
  next.focus()
}

/** The button of the next row up (-1) or down (1) whose middle is nearest. */
function nearestInNextRow(buttons: readonly HTMLButtonElement[], from: HTMLButtonElement, way: number) {
  const start = from.getBoundingClientRect()
  const placed = buttons
    .map((button) => ({ button, at: button.getBoundingClientRect() }))
    .filter(({ at }) => (at.top - start.top) * way > start.height / 2)
  const row = placed.map(({ at }) => at.top * way).toSorted((a, b) => a - b)[0]
  if (row === undefined) return undefined
  const far = (at: DOMRect) => Math.abs(at.left + at.width / 2 - (start.left + start.width / 2))
  return placed.filter(({ at }) => at.top * way === row).toSorted((a, b) => far(a.at) - far(b.at))[0]?.button
}
