import { useEffect, useRef } from 'react'

/** What a scan says. Our labels carry `T:` a ticket, `D:` a device, `S:` a serial number; anything else is plain text. */
export type Scan = { kind: 'ticket' | 'device' | 'serial' | 'text'; value: string }

/** Answers whether it took the scan; one that is not taken goes on to the handler below. */
type ScanHandler = (scan: Scan) => boolean

/** Keys closer together than this are typed by a machine. */
const GAP_MS = 25
/** Shorter bursts are fingers rolling over the keys. */
const SHORTEST = 4

const KINDS = { T: 'ticket', D: 'device', S: 'serial' } as const

export function readScan(text: string): Scan {
  const [, letter, value] = /^([TDS]):(.+)$/i.exec(text.trim()) ?? []
  return letter && value
    ? { kind: KINDS[letter.toUpperCase() as keyof typeof KINDS], value }
    : { kind: 'text', value: text.trim() }
}

const LETTERS = { ticket: 'T:', device: 'D:', serial: 'S:', text: '' } as const

/** The scan as its code says it: with the letter by which the server looks it up exactly. */
export const writeScan = ({ kind, value }: Scan): string => LETTERS[kind] + value

const handlers: ScanHandler[] = []

/** Takes scans while the component is shown; the one shown last is asked first. */
export function useScanner(handler: ScanHandler) {
  const current = useRef(handler)
  current.current = handler
  useEffect(() => {
    const own: ScanHandler = (scan) => current.current(scan)
    handlers.push(own)
    return () => void handlers.splice(handlers.indexOf(own), 1)
  }, [])
}

/**
 * Tells a scanner that poses as a keyboard from fingers: a burst of keys less than 25 ms apart, ended by Enter or Tab.
 * What has reached a text field by then is taken out again; a burst that ends otherwise is typed after all. Mounted
 * once, by what stands behind the door or by the lock.
 */
export function useScannerListener() {
  useEffect(() => {
    const hear = listenForBursts()
    window.addEventListener('keydown', hear, { capture: true })
    return () => window.removeEventListener('keydown', hear, { capture: true })
  }, [])
}

type Field = {
  element: HTMLInputElement | HTMLTextAreaElement
  value: string
  start: number | null
  end: number | null
}

function listenForBursts() {
  let text = ''
  let last = 0
  let field: Field | undefined
  let ending: ReturnType<typeof setTimeout> | undefined

  return (event: KeyboardEvent) => {
    if (event.key === 'Shift' || (event.target instanceof HTMLInputElement && event.target.type === 'password')) return
    const quick = event.timeStamp - last < GAP_MS && !event.repeat
    if (event.key === 'Enter' || event.key === 'Tab') finish(event, quick)
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) gather(event, quick)
    else giveBack()
  }

  function gather(event: KeyboardEvent, quick: boolean) {
    if (!quick) {
      giveBack()
      field = fieldOf(event.target)
    }
    text += event.key
    last = event.timeStamp
    if (text.length < SHORTEST) return
    if (text.length === SHORTEST) putBack(field)
    swallow(event)
    clearTimeout(ending)
    ending = setTimeout(giveBack, 4 * GAP_MS)
  }

  function finish(event: KeyboardEvent, quick: boolean) {
    if (!quick || text.length < SHORTEST) return giveBack()
    swallow(event)
    const scan = readScan(text)
    forget()
    handlers.findLast((take) => take(scan))
  }

  /** No scan after all: what was held back goes where it was typed. */
  function giveBack() {
    if (text.length >= SHORTEST && field) write(field, text)
    forget()
  }

  function forget() {
    clearTimeout(ending)
    text = ''
    last = 0
    field = undefined
  }
}

function swallow(event: KeyboardEvent) {
  event.preventDefault()
  event.stopImmediatePropagation()
}

function fieldOf(target: EventTarget | null): Field | undefined {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return undefined
  return { element: target, value: target.value, start: target.selectionStart, end: target.selectionEnd }
}

function putBack(field: Field | undefined) {
  if (field) write(field, '', field.value)
}

function write({ element, value, start, end }: Field, text: string, whole?: string) {
  const [from, to] = [start ?? value.length, end ?? value.length]
  const prototype = element instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  // React overlays the element's own setter and would not notice a change made through it.
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(
    element,
    whole ?? value.slice(0, from) + text + value.slice(to),
  )
  if (start !== null) element.setSelectionRange(from + text.length, text ? from + text.length : to)
  element.dispatchEvent(new Event('input', { bubbles: true }))
}
