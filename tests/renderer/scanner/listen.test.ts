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
