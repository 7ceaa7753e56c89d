import { useEffect, useId, useLayoutEffect, useRef } from 'react'
import { create } from 'zustand'
import { afterGoingBack } from '../back-closes.ts'
import { chordOf, isChord, isScannerControl, pressedOf, type Chord } from './chords.ts'
import { isSpent, spendOnOverlay } from './escape.ts'

export type Shortcut = {
  /** `F2`, `Escape`, `alt+1`, `mod+k`. Bare letters, digits and signs are no commands: a scanner presses them. */
  keys: Chord | readonly Chord[]
  /** What it does, as the overview prints it. */
  label: string
  run: () => void
  /** Also while a dialog is open. */
  always?: boolean
  /** Whether it applies there; otherwise the key has its default effect. */
  when?: (target: EventTarget | null) => boolean
  /** Belongs to the frame and is listed under "Everywhere". */
  general?: boolean
}

type Layer = { id: string; dialog: boolean; shortcuts: readonly Shortcut[] }

/** The one registry: screens lay their keys over the frame's; the layer on top wins. */
export const useShortcutLayers = create<{ layers: readonly Layer[] }>(() => ({ layers: [] }))

/**
 * Keys that work while the component is shown, in text fields too; `false` is left out. A `dialog` layer silences what lies under it.
 * @throws where the keys are no chord, or a scanner's control character
 */
export function useShortcuts(offered: readonly (Shortcut | false)[], { dialog = false }: { dialog?: boolean } = {}) {
  const id = useId()
  const shortcuts = offered.filter((one) => one !== false)
  const current = useRef(shortcuts)
  current.current = shortcuts
  const shape = shortcuts.map(({ keys, label }) => `${String(keys)} ${label}`).join('|')
  // Its place stays the same when its keys change: what lies under a dialog must not come to lie over it.
  useEffect(() => {
    addLayer({ id, dialog, shortcuts: [] })
    return () => removeLayer(id)
  }, [id, dialog])
  useEffect(() => {
    const shortcutsNow = () => current.current
    const live = current.current.map((shortcut, index) => ({
      ...shortcut,
      run: () => shortcutsNow()[index]?.run(),
      ...(shortcut.when && { when: (target: EventTarget | null) => shortcutsNow()[index]?.when?.(target) ?? true }),
    }))
    addLayer({ id, dialog, shortcuts: live })
  }, [id, dialog, shape])
}

/** Listens once for the whole page; mounted by `app.tsx`. */
export function useShortcutListener() {
  // A layout effect comes before the effects by which dialogs begin to listen.
  useLayoutEffect(() => {
    window.addEventListener('keydown', noteOverlay, { capture: true })
    return () => window.removeEventListener('keydown', noteOverlay, { capture: true })
  }, [])
  useEffect(() => {
    window.addEventListener('keydown', runShortcut)
    return () => window.removeEventListener('keydown', runShortcut)
  }, [])
}

/** The shortcuts that would run now, topmost first; the frame's lie under those of any screen. */
export function activeShortcuts(layers: readonly Layer[]): Shortcut[] {
  const top = layers.findLastIndex(({ dialog }) => dialog)
  const open = layers
    .flatMap(({ shortcuts }, index) => (index < top ? shortcuts.filter(({ always }) => always) : shortcuts))
    .reverse()
  return [...open.filter(({ general }) => !general), ...open.filter(({ general }) => general)]
}

function noteOverlay(event: KeyboardEvent) {
  const { layers } = useShortcutLayers.getState()
  spendOnOverlay(
    event,
    layers.some(({ dialog }) => dialog),
  )
}

function runShortcut(event: KeyboardEvent) {
  const pressed = pressedOf(event)
  if (isScannerControl(pressed)) return event.preventDefault()
  if (event.defaultPrevented || event.isComposing || event.repeat || isSpent(event)) return
  const chord = chordOf(pressed)
  if (chord === null || (chord === 'Enter' && isPressed(event.target))) return
  const shortcut = activeShortcuts(useShortcutLayers.getState().layers).find(
    ({ keys, when }) => [keys].flat().includes(chord) && when?.(event.target) !== false,
  )
  if (!shortcut) return
  event.preventDefault()
  afterGoingBack(shortcut.run)
}

/** Enter presses the button, or follows the link, that has the focus; a screen's own Enter is for when none has. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a[href]') !== null
}

/**
 * Lays it on top, or changes it where it lies.
 * @throws where the keys of a shortcut are no chord
 */
export function addLayer(layer: Layer) {
  const all: string[] = layer.shortcuts.flatMap(({ keys }) => keys)
  const refused = all.find((keys) => !isChord(keys))
  if (refused !== undefined) throw new Error(`"${refused}" cannot be a command: it types, or scanners send it`)
  useShortcutLayers.setState(({ layers }) => ({
    layers: layers.some(({ id }) => id === layer.id)
      ? layers.map((one) => (one.id === layer.id ? layer : one))
      : [...layers, layer],
  }))
}

function removeLayer(id: string) {
  useShortcutLayers.setState(({ layers }) => ({ layers: layers.filter((layer) => layer.id !== id) }))
}
