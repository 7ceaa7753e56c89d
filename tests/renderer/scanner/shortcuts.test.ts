import { afterEach, expect, test } from 'vitest'
import { addLayer, activeShortcuts, useShortcutLayers, type Shortcut } from '../../../renderer/ui/scanner/shortcuts.ts'

const shortcut = (keys: Shortcut['keys'], label: string, more: Partial<Shortcut> = {}): Shortcut => ({
  keys,
  label,
  run: () => undefined,
  ...more,
})
const frame = {
  id: 'frame',
  dialog: false,
  shortcuts: [
    shortcut('F8', 'lock', { general: true, always: true }),
    shortcut('Escape', 'leave', { general: true }),
    shortcut('F2', 'take in', { general: true }),
  ],
}
const page = { id: 'page', dialog: false, shortcuts: [shortcut('Escape', 'close form')] }
const dialog = { id: 'dialog', dialog: true, shortcuts: [shortcut('mod+Enter', 'pay')] }

afterEach(() => useShortcutLayers.setState({ layers: [] }))

const labelOf = (keys: Shortcut['keys'], layers: Parameters<typeof activeShortcuts>[0]) =>
  activeShortcuts(layers).find((found) => found.keys === keys)?.label

test('a screen’s keys come before the frame’s, whichever was there first', () => {
  expect(labelOf('Escape', [frame, page])).toBe('close form')
  expect(labelOf('Escape', [page, frame])).toBe('close form')
  expect(labelOf('F2', [page, frame])).toBe('take in')
})

test('a dialog silences what lies under it, but for what always works', () => {
  expect(labelOf('F2', [frame, page, dialog])).toBeUndefined()
  expect(labelOf('Escape', [frame, page, dialog])).toBeUndefined()
  expect(labelOf('mod+Enter', [frame, page, dialog])).toBe('pay')
  expect(labelOf('F8', [frame, page, dialog])).toBe('lock')
})

test('a screen whose keys change while a dialog is open stays under it', () => {
  addLayer(page)
  addLayer(dialog)
  addLayer({ ...page, shortcuts: [shortcut('alt+h', 'hand over')] })
  const { layers } = useShortcutLayers.getState()
  expect(labelOf('alt+h', layers)).toBeUndefined()
  expect(labelOf('mod+Enter', layers)).toBe('pay')
  expect(labelOf('alt+h', layers.slice(0, 1))).toBe('hand over')
})

test('a bare letter, digit or sign is refused as a command, by its type and when it is registered', () => {
  // @ts-expect-error A letter without a modifier is no chord.
  const bare: Shortcut['keys'] = 'h'
  for (const keys of [bare, '1', '?', ' ', 'mod+j', 'mod+]'])
    expect(() => addLayer({ ...page, shortcuts: [shortcut(keys as Shortcut['keys'], 'hand over')] })).toThrow(
      /cannot be/,
    )
  expect(() => addLayer({ ...page, shortcuts: [shortcut('alt+h', 'hand over')] })).not.toThrow()
})
