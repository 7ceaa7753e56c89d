import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  altDigit,
  chordOf,
  isChord,
  isScannerControl,
  isTyped,
  type Pressed,
} from '../../../renderer/ui/scanner/chords.ts'

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, altGraph: false }
const pressed = (key: string, code: string, more: Partial<Pressed> = {}): Pressed => ({ ...NONE, key, code, ...more })

test('no single character is a chord, and none that scanners send', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), (sign) => !isChord(sign)))
  for (const keys of ['mod+d', 'mod+i', 'mod+j', 'mod+m', 'mod+]', 'mod+n', 'alt+Enter', 'Space', 'alt+?', 'F5', 'F11'])
    expect([keys, isChord(keys)]).toEqual([keys, keys === 'mod+n'])
  for (const keys of ['F2', 'shift+F4', 'Enter', 'Escape', 'mod+k', 'mod+/', 'mod+Space', 'alt+0', 'alt+h'])
    expect([keys, isChord(keys)]).toEqual([keys, true])
})

test('a key without a modifier that types is never a chord, whatever it types', () => {
  const anyKey = fc.record({ key: fc.string({ minLength: 1, maxLength: 1 }), shiftKey: fc.boolean() })
  fc.assert(fc.property(anyKey, (key) => chordOf({ ...NONE, code: 'KeyH', ...key }) === null))
})

test('Alt and a digit is the digit row alone, on every layout', () => {
  expect(chordOf(pressed('2', 'Digit2', { altKey: true }))).toBe('alt+2')
  expect(chordOf(pressed('é', 'Digit2', { altKey: true }))).toBe('alt+2')
  expect(chordOf(pressed('™', 'Digit2', { altKey: true }))).toBe('alt+2')
  expect(chordOf(pressed('2', 'Numpad2', { altKey: true }))).toBeNull()
  expect(chordOf(pressed('2', 'Numpad2', { ctrlKey: true }))).toBeNull()
  expect(chordOf(pressed('@', 'Digit2', { altKey: true, shiftKey: true }))).toBeNull()
})

test('Alt and a letter is the letter that is printed on the key', () => {
  expect(chordOf(pressed('h', 'KeyH', { altKey: true }))).toBe('alt+h')
  expect(chordOf(pressed('˙', 'KeyH', { altKey: true }))).toBe('alt+h')
  expect(chordOf(pressed('р', 'KeyH', { altKey: true }))).toBe('alt+h')
  expect(chordOf(pressed('z', 'KeyY', { ctrlKey: true }))).toBe('mod+z')
})

test('AltGr types', () => {
  for (const modifiers of [{ altGraph: true }, { ctrlKey: true, altKey: true }, { altGraph: true, altKey: true }]) {
    const key = pressed('@', 'KeyQ', modifiers)
    expect([chordOf(key), isTyped(key)]).toEqual([null, true])
    expect(chordOf(pressed('²', 'Digit2', modifiers))).toBeNull()
  }
})

test('all keys are shown by Ctrl and the slash, wherever that is', () => {
  expect(chordOf(pressed('/', 'Slash', { ctrlKey: true }))).toBe('mod+/')
  expect(chordOf(pressed('/', 'Digit7', { ctrlKey: true, shiftKey: true }))).toBe('mod+/')
  expect(chordOf(pressed('-', 'Slash', { ctrlKey: true }))).toBeNull()
})

test('control characters of scanners are nobody’s', () => {
  for (const key of ['d', 'i', 'j', 'm', ']']) {
    expect(isScannerControl(pressed(key, '', { ctrlKey: true }))).toBe(true)
    expect(chordOf(pressed(key, '', { ctrlKey: true }))).toBeNull()
  }
  expect(isScannerControl(pressed('I', 'KeyI', { ctrlKey: true, shiftKey: true }))).toBe(false)
})

test('ten choices have a digit', () => {
  expect([0, 8, 9, 10].map(altDigit)).toEqual(['alt+1', 'alt+9', 'alt+0', undefined])
})
