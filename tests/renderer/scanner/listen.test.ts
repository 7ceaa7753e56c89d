import fc from 'fast-check'
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

test('a scan that is slow at first and fast at last is one code', () => {
  for (const enter of [true, false]) {
    const field = textField()
    const slowAtFirst = (index: number) => (index < 10 ? 90 + index * 4 : 17)
    const at = keyboard.type(IMEI, field, slowAtFirst, Date.now() + 3_000)
    if (enter) keyboard.press({ key: 'Enter', target: field, at: at + 15 })
    keyboard.wait(1_000)
    expect(keyboard.scans.splice(0)).toEqual([enter ? `${IMEI}↵` : IMEI])
    expect(field.value).toBe('')
  }
})

/** As hands and scanners change their speed: some keys of one, then some of another. */
const gapsOfPhases = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom([5, 45], [46, 90], [90, 150], [5, 150])), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((phases) =>
    fc.tuple(...phases.flatMap(([count, [min, max]]) => Array.from({ length: count }, () => fc.integer({ min, max })))),
  )
/** Codes that say of themselves that they are some, and others, in fields of every kind. */
const OURS = ['356938035643809', '352099001761481', 'T:S1-T1-000123', 'D:4711', 'O:12']
const OTHERS = ['4006381333931', 'C02XG2JHJG5H', 'snh2a7k9', '0012345678', '12345678901234567890']
const FIELDS = ['text', 'decimal', 'tel', 'filter', 'code'] as const

test('whatever the speed of a scanner, from 5 to 150 ms and mixed, its whole code is found or stays where it was typed', () => {
  fc.assert(
    fc.property(
      gapsOfPhases,
      fc.constantFrom(...OURS, ...OTHERS),
      fc.constantFrom(...FIELDS),
      fc.boolean(),
      fc.constantFrom('', 'Falls off '),
      (gaps, code, kind, enter, before) => {
        const field = textField()
        field.value = before
        if (kind === 'decimal' || kind === 'tel') field.inputMode = kind
        if (kind === 'filter') field.dataset['filter'] = ''
        if (kind === 'code') field.dataset['takesCodes'] = ''
        const gap = (index: number) => gaps[(index - 1) % gaps.length]!
        const at = keyboard.type(code, field, gap, Date.now() + 3_000)
        if (enter) keyboard.press({ key: 'Enter', target: field, at: at + gap(code.length) })
        keyboard.wait(2_000)
        const found = keyboard.scans.splice(0)
        if (found.length > 0) {
          expect(found).toEqual([enter ? `${code}↵` : code])
          expect(field.value).toBe(before)
        } else {
          expect(field.value).toBe(before + code)
          expect(OURS.includes(code) && kind !== 'code').toBe(false)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

test('what a hand has typed just before a scan that is slow at first stays', () => {
  const field = textField()
  const at = keyboard.type('Falls off ', field, () => 110)
  keyboard.type(IMEI, field, (index) => (index < 9 ? 120 : 15), at + 140)
  keyboard.wait(1_000)
  expect(keyboard.scans).toEqual([IMEI])
  expect(field.value).toBe('Falls off ')
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

const amountField = () => Object.assign(textField(), { inputMode: 'decimal' })

test('digits that a hand types into an amount stay there, however many, with Enter and without', () => {
  for (const [typed, enter] of [
    ['123456789', true],
    ['123456789', false],
    ['12345678901', true],
    ['999999999999', false],
  ] as const) {
    // oxfmt-ignore
    const field = amountField()
    const at = keyboard.type(typed, field, () => 120, Date.now() + 3_000)
    if (enter) expect(keyboard.press({ key: 'Enter', target: field, at: at + 150 })).toBe(true)
    keyboard.wait(1_000)
    expect([field.value, keyboard.scans, keyboard.taken]).toEqual([typed, [], []])
  }
})

test('a code that came at a hand’s speed into an amount is looked up, which is said, and can be had back', () => {
  for (const enter of [true, false]) {
    const field = amountField()
    field.value = '12'
    const at = keyboard.type('4006381333931', field, () => 120, Date.now() + 3_000)
    if (enter) keyboard.press({ key: 'Enter', target: field, at: at + 150 })
    keyboard.wait(1_000)
    expect([field.value, keyboard.scans.splice(0)]).toEqual(['12', [enter ? '4006381333931↵' : '4006381333931']])
    const [{ code, putBack }] = keyboard.taken.splice(0) as [(typeof keyboard.taken)[number]]
    expect(code).toBe('4006381333931')
    putBack()
    expect(field.value).toBe('124006381333931')
  }
})

test('of a code from a hand in the amount of a dialog it is said once, and it is not kept for later', () => {
  keyboard.page.dialog = button()
  const field = amountField()
  keyboard.type('4006381333931', field, () => 120)
  keyboard.wait(1_000)
  expect([keyboard.taken.map(({ code }) => code), keyboard.kept, keyboard.scans]).toEqual([['4006381333931'], [], []])
})

test('a label of ours that comes slowly into the amount of a dialog is kept for later, as any scan is', () => {
  keyboard.page.dialog = button()
  keyboard.type('T:S1-T1-000123', amountField(), () => 150)
  keyboard.wait(1_000)
  expect([keyboard.kept, keyboard.taken]).toEqual([['T:S1-T1-000123'], []])
})

test('a scanner’s burst into an amount is a scan, of which nothing needs to be said', () => {
  const field = amountField()
  const at = keyboard.type('123456789', field, () => 15)
  keyboard.press({ key: 'Enter', target: field, at: at + 15 })
  expect([keyboard.scans, keyboard.taken, field.value]).toEqual([['123456789↵'], [], ''])
})
