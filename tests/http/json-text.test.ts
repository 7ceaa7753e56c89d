import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWritten } from '../../server/domain/money/written-number.ts'
import { errorPosition, parseJson } from '../../server/http/json-text.ts'

test('a number keeps its digits where a double may not hold them, and only there', () => {
  const kept = (text: string) => {
    const value = (parseJson(`{"a":[${text}]}`) as { a: [unknown] }).a[0]
    return isWritten(value) ? value.rawJSON : value
  }
  for (const written of [
    '0.1000000000000000055',
    '12345678901234.995',
    '9007199254740993',
    '1e-400',
    '1E400',
    '-1e+308',
  ])
    expect(kept(written)).toBe(written)
  for (const written of ['0', '-0', '1.5', '1E2', '0.1', '99999999.99', '123456789012345', '1e-30'])
    expect(kept(written)).toBe(Number(written))
  expect(parseJson('12345678901234567890')).toBe(12_345_678_901_234_567_000)
  expect(parseJson('{"serial":"1234567890123456789","n":1.5}')).toEqual({ serial: '1234567890123456789', n: 1.5 })
})

test('a long text with a long number holds nobody up: its numbers are doubles', () => {
  const text = `{"x":[${'1,'.repeat(100_000)}1],"y":12345678901234567890}`
  expect((parseJson(text) as { y: unknown }).y).toBe(12_345_678_901_234_567_000)
})

test('every number reads back as it was written', () => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?(e[+-]?\d{1,3})?$/)
  fc.assert(
    fc.property(digits, (written) => {
      const [value] = parseJson(`[${written}]`) as [unknown]
      if (isWritten(value)) expect(value.rawJSON).toBe(written)
      else expect(decimalOf(String(value))).toEqual(decimalOf(written))
    }),
    { numRuns: 2_000 },
  )
})

/** A decimal as its digits without zeros around them, and their power of ten. */
function decimalOf(written: string) {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(written)!
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  return kept === '' ? '0' : `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`
}

test('a fault stands where Python finds it', () => {
  for (const [text, position] of [
    ['{', 1],
    ['{"a"', 4],
    ['{"a" 1}', 5],
    ['{"a":', 5],
    ['{"a": ', 6],
    ['{"a": }', 6],
    ['{"a":1', 6],
    ['{"a":1 "b"', 7],
    ['{"a":1,}', 7],
    ['{"a":"b', 5],
    ['{"a":"😀", nope}', 10],
    ["{'a':1}", 1],
    ['[1,]', 3],
    ['[1', 2],
    ['[1}', 2],
    ['[', 1],
    ['01', 1],
    ['-', 0],
    ['1.', 1],
    ['nul', 0],
    ['NaN', 0],
    ['{} x', 3],
    ['[]]', 2],
    ['  ', 2],
    ['"a\nb"', 2],
    ['"a\\x"', 2],
    ['"a\\u12"', 3],
    ['[{"a":[1,{"b":tru}]}]', 14],
  ] as const)
    expect([text, errorPosition(text)]).toEqual([text, position])
})

test('whatever JSON refuses has a fault within it or at its end', () => {
  const text = fc
    .array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', ' ', '"', '\\', 'true', '-', '.'))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (written) => {
      const valid = isJson(written)
      const at = errorPosition(written)
      expect(at).toBeLessThanOrEqual(written.length)
      if (!valid && at < written.length) expect(isJson(written.slice(0, at) + '~')).toBe(false)
      if (valid) expect(at).toBe(written.length)
    }),
    { numRuns: 5_000 },
  )
})

test('depth costs no stack', () => {
  expect(errorPosition('['.repeat(1_000_000))).toBe(1_000_000)
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
