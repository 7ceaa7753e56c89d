import { vi } from 'vitest'
import { listenForScans } from '../../../renderer/ui/scanner/listen.ts'

/** What of the browser the listener uses, without one. */
class PageElement extends EventTarget {
  isContentEditable = false
  isConnected = true
  closest = () => null
}
class TextField extends PageElement {
  type = 'text'
  readOnly = false
  autocomplete = ''
  inputMode = ''
  dataset: Record<string, string> = {}
  selectionStart: number | null = 0
  selectionEnd: number | null = 0
  #value = ''
  get value() {
    return this.#value
  }
  set value(text: string) {
    this.#value = text
    this.setSelectionRange(text.length, text.length)
  }
  setSelectionRange(start: number, end: number) {
    this.selectionStart = start
    this.selectionEnd = end
  }
  focus = () => {}
}
class TextArea extends TextField {}

type Key = { key: string; target: EventTarget; at: number; repeat?: boolean; altKey?: boolean; code?: string }

/** A page with a listener on it, and a keyboard. Time is what the keys say. */
export function openKeyboard() {
  vi.useFakeTimers({ now: 0 })
  const heard = new EventTarget()
  const page = { dialog: null as PageElement | null, activeElement: new PageElement() }
  vi.stubGlobal('window', heard)
  vi.stubGlobal('document', {
    querySelector: (selector: string) => (selector === '[aria-modal="true"]' ? page.dialog : null),
    get activeElement() {
      return page.activeElement
    },
  })
  vi.stubGlobal('Element', PageElement)
  vi.stubGlobal('HTMLElement', PageElement)
  vi.stubGlobal('HTMLInputElement', TextField)
  vi.stubGlobal('HTMLTextAreaElement', TextArea)
  const scans: string[] = []
  const kept: string[] = []
  /** What was taken out of an amount, with what puts it back. */
  const taken: { code: string; putBack: () => void }[] = []
  const stop = listenForScans({
    deliver: (typed, _, ended) => scans.push(typed + (ended ? '↵' : '')),
    keepForLater: (typed) => kept.push(typed),
    takenFromAmount: (code, putBack) => taken.push({ code, putBack }),
    hasHandlers: () => true,
  })
  return { scans, kept, taken, page, press, type, wait, close }

  /** Answers whether the key has its default effect; in a field it types. */
  function press({ key, target, at, code = '', ...more }: Key): boolean {
    vi.advanceTimersByTime(Math.max(0, at - Date.now()))
    const event = new Event('keydown', { cancelable: true })
    const modifiers = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false }
    const described = { ...modifiers, isComposing: false, getModifierState: () => false, key, code, ...more }
    for (const [name, value] of Object.entries({ ...described, target, timeStamp: at }))
      Object.defineProperty(event, name, { value })
    heard.dispatchEvent(event)
    if (!event.defaultPrevented && target instanceof TextField && key.length === 1) target.value += key
    return !event.defaultPrevented
  }

  /** The text, each key so long after the one before; answers when it ended. */
  function type(text: string, target: EventTarget, gaps: (index: number) => number, from = Date.now()): number {
    let at = from
    ;[...text].forEach((key, index) => {
      at += index === 0 ? 0 : gaps(index)
      press({ key, target, at })
    })
    return at
  }

  function wait(ms: number) {
    vi.advanceTimersByTime(ms)
  }

  function close() {
    stop()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  }
}

export const textField = () => new TextField()
export const textArea = () => new TextArea()
export const button = () => new PageElement()
