import { afterEach, beforeEach, expect, test } from 'vitest'
import { button, openKeyboard, textArea, textField } from './keyboard.ts'

let keyboard: ReturnType<typeof openKeyboard>
beforeEach(() => void (keyboard = openKeyboard()))
afterEach(() => keyboard.close())

test('an Enter that is held down acts once, and makes lines in a text', () => {
  const held = { key: 'Enter', at: 2_000, repeat: true }
  expect(keyboard.press({ key: 'Enter', target: button(), at: 1_000 })).toBe(true)
  expect(keyboard.press({ ...held, target: button() })).toBe(false)
  expect(keyboard.press({ ...held, target: textField() })).toBe(false)
  expect(keyboard.press({ ...held, target: textArea() })).toBe(true)
})

const IMEI = '356938035643809'
const PLACES = [1, 2, 3, 4, 5, 8, 11, 13, 14]

test.each(PLACES)('a fast scan is one code although key %i is late, in a field with a text of its own', (place) => {
  for (const late of [60, 140])
    for (const enter of [true, false]) {
      const field = textField()
      field.value = 'Falls off'
      const at = keyboard.type(IMEI, field, (index) => (index === place ? late : 15), Date.now() + 3_000)
      if (enter) expect(keyboard.press({ key: 'Enter', target: field, at: at + 15 })).toBe(false)
      keyboard.wait(1_000)
      expect(keyboard.scans.splice(0)).toEqual([enter ? `${IMEI}↵` : IMEI])
      expect(field.value).toBe('Falls off')
    }
})

test('a scan with several late keys is one code', () => {
  const field = textField()
  const at = keyboard.type(IMEI, field, (index) => ([4, 5, 9].includes(index) ? 70 : 15))
  keyboard.press({ key: 'Enter', target: field, at: at + 15 })
  expect(keyboard.scans).toEqual([`${IMEI}↵`])
  expect(field.value).toBe('')
})

test('what fingers that roll over the keys have typed stays in its field', () => {
  const field = textField()
  keyboard.type('display cracked', field, (index) => (index > 3 && index < 7 ? 20 : 110))
  keyboard.wait(1_000)
  expect(field.value).toBe('display cracked')
  expect(keyboard.scans).toEqual([])
})

test('a code with a space in it presses nothing in a dialog, and is kept whole', () => {
  const handOver = button()
  keyboard.page.dialog = button()
  expect(keyboard.press({ key: ' ', target: handOver, at: 100 })).toBe(true)
  for (const [gap, enter] of [
    [15, true],
    [15, false],
    [150, true],
  ] as const) {
    const from = Date.now() + 3_000
    ;[...'AB 12'].forEach((key, index) =>
      expect(keyboard.press({ key, target: handOver, at: from + index * gap })).toBe(false),
    )
    if (enter) expect(keyboard.press({ key: 'Enter', target: handOver, at: from + 5 * gap })).toBe(false)
    keyboard.wait(2_000)
    expect(keyboard.kept.splice(0)).toEqual(['AB 12'])
  }
})
