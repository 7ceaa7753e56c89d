import { useEffect, useId, useRef } from 'react'
import { create } from 'zustand'

export type Shortcut = {
  /** `F2`, `Escape`, `?`, `mod+k`, `mod+Enter`: `mod` is Ctrl, on a Mac the command key. */
  keys: string | readonly string[]
  /** What it does, as the overview prints it. */
  label: string
  run: () => void
  /** Also while a dialog is open. */
  always?: boolean
  /** Belongs to the frame and stands under "Everywhere". */
  general?: boolean
}

type Layer = { id: string; dialog: boolean; shortcuts: readonly Shortcut[] }

/** The one registry: screens lay their keys over the frame's; the layer on top wins. */
export const useShortcutLayers = create<{ layers: readonly Layer[] }>(() => ({ layers: [] }))

/**
 * Keys that work while the component is shown. Named keys and those with `mod` work in text fields too; single
 * characters only outside them. A `dialog` layer silences what lies under it.
 */
export function useShortcuts(shortcuts: readonly Shortcut[], { dialog = false }: { dialog?: boolean } = {}) {
  const id = useId()
  const current = useRef(shortcuts)
  current.current = shortcuts
  const shape = shortcuts.map(({ keys, label }) => `${String(keys)} ${label}`).join('|')
  useEffect(() => {
    const live = current.current.map((shortcut, index) => ({
      ...shortcut,
      run: () => current.current[index]?.run(),
    }))
    addLayer({ id, dialog, shortcuts: live })
    return () => removeLayer(id)
  }, [id, dialog, shape])
}

/** Listens once for the whole page; mounted by `app.tsx`. */
export function useShortcutListener() {
  useEffect(() => {
    window.addEventListener('keydown', runShortcut)
    return () => window.removeEventListener('keydown', runShortcut)
  }, [])
}

/** The shortcuts that would run now, topmost first; the frame's lie under those of any screen. */
export function reachable(layers: readonly Layer[]): Shortcut[] {
  const top = layers.findLastIndex(({ dialog }) => dialog)
  const open = layers
    .flatMap(({ shortcuts }, index) => (index < top ? shortcuts.filter(({ always }) => always) : shortcuts))
    .reverse()
  return [...open.filter(({ general }) => !general), ...open.filter(({ general }) => general)]
}

/** A single character waits until it is sure not to be the first one of a scan. */
const SCANNER_GAP_MS = 30
let waiting: { run: () => void; timer: ReturnType<typeof setTimeout> } | undefined

/** The character that waits is run: a scanner presses no Ctrl, so it was a finger. Any other key makes it part of a scan. */
function settleSingle({ key, ctrlKey, metaKey }: KeyboardEvent) {
  if (!waiting || key === 'Shift') return
  const { run, timer } = waiting
  clearTimeout(timer)
  waiting = undefined
  if (ctrlKey || metaKey) run()
}

function waitOut(run: () => void) {
  const timer = setTimeout(() => {
    waiting = undefined
    run()
  }, SCANNER_GAP_MS)
  waiting = { run, timer }
}

function runShortcut(event: KeyboardEvent) {
  settleSingle(event)
  if (event.defaultPrevented || event.isComposing || event.repeat) return
  const pressed = nameOf(event)
  if (pressed.length === 1 && isTyping(event.target)) return
  if (pressed === 'Enter' && isPressed(event.target)) return
  const shortcut = reachable(useShortcutLayers.getState().layers).find(({ keys }) => [keys].flat().includes(pressed))
  if (!shortcut) return
  event.preventDefault()
  if (pressed.length > 1) shortcut.run()
  else waitOut(shortcut.run)
}

/** Enter presses the button, or follows the link, that has the focus; a screen's own Enter is for when none has. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a[href]') !== null
}

function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const named = key.length > 1
  return [
    (ctrlKey || metaKey) && 'mod',
    altKey && 'alt',
    shiftKey && named && 'shift',
    named || !(ctrlKey || metaKey) ? key : key.toLowerCase(),
  ]
    .filter(Boolean)
    .join('+')
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)))
  )
}

function addLayer(layer: Layer) {
  useShortcutLayers.setState(({ layers }) => ({ layers: [...layers.filter(({ id }) => id !== layer.id), layer] }))
}

function removeLayer(id: string) {
  useShortcutLayers.setState(({ layers }) => ({ layers: layers.filter((layer) => layer.id !== id) }))
}
