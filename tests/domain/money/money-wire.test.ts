import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_CENTS } from '../../../server/domain/money/money.ts'
import { amount, money } from '../../../server/http/fields.contract.ts'
import { parseJson } from '../../../server/http/json-text.ts'

/** What /v1 writes as text and /api as a number, read by everybody who may read it. */

const fields = { string: money(), number: amount() }

/** What somebody reads who goes by the digits alone, as Python's Decimal does. */
function centsByDigits(text: string): bigint {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text) ?? expect.fail(`${text} is not plain`)
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'))
}

function check(cents: number) {
  const text = fields.string.encode(cents)
  const json = JSON.stringify({ price: fields.number.encode(cents) })
  const written = json.slice('{"price":'.length, -1)
  const { price } = JSON.parse(json) as { price: number }
  const byDigits = [text, written].map(centsByDigits)
  const read = [
    fields.string.decode(text),
    fields.number.decode(price),
    fields.string.decode(written),
    fields.number.decode((parseJson(json) as { price: number }).price),
  ]
  if (
    byDigits.some((found) => found !== BigInt(cents)) ||
    read.some((found) => found !== cents) ||
    String(price) !== written ||
    Math.round(price * 100) !== cents
  )
    expect.fail(`${cents} cents: ${text}, ${written}, ${byDigits.join(' ')}, ${read.join(' ')}`)
}

test('/v1 and /api say the same to the cent, for readers of doubles and of digits, up to 99,999,999.99', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: MAX_CENTS }), check), { numRuns: 50_000 })
})

test('at every power of two and ten, and at every cent around them', () => {
  const edges = [...Array(34).keys()]
    .map((n) => 2 ** n)
    .concat(
      [...Array(11).keys()].map((n) => 10 ** n),
      MAX_CENTS,
    )
  for (const edge of edges)
    for (let cents = Math.max(0, edge - 150); cents <= Math.min(MAX_CENTS, edge + 150); cents++) check(cents)
  for (const power of [21, 22, 23, 24, 25, 26])
    for (let cents = 100 * 2 ** power - 150; cents <= Math.min(MAX_CENTS, 100 * 2 ** power + 150); cents++) check(cents)
})

test('every spelling of an amount is the same to both fields, and so is every refusal', () => {
  const spelling = fc
    .tuple(
      fc.integer({ min: 0, max: MAX_CENTS }),
      fc.integer({ min: -6, max: 6 }),
      fc.nat({ max: 6 }),
      fc.constantFrom('', '+', '-'),
    )
    .map(([cents, exponent, zeros, sign]) => {
      const digits = String(BigInt(cents) * 10n ** 10n).padStart(20, '0')
      const point = digits.length - 12 - exponent
      return `${sign}${digits.slice(0, point)}.${digits.slice(point)}${'0'.repeat(zeros)}e${exponent}`
    })
  const said = (field: typeof fields.string | typeof fields.number, value: unknown) => {
    const result = field.safeDecode(value as never)
    return result.success ? result.data : result.error.issues.map(({ message }) => message)
  }
  const anything = fc.oneof(
    spelling,
    fc.string({ unit: fc.constantFrom(...'0123456789.eE+- '), maxLength: 16 }),
    fc.double(),
  )
  fc.assert(
    fc.property(anything, (value) => {
      expect(said(fields.number, value)).toEqual(said(fields.string, value))
    }),
    { numRuns: 10_000 },
  )
})

test('what is negative, too large or finer than a cent is refused in words of pydantic', () => {
  const said = (value: unknown) =>
    [fields.string, fields.number].map((field) => field.safeDecode(value as never).error?.issues[0]?.message)
  const both = (message: string) => [message, message]
  for (const value of ['-0.01', -0.01, '-1e-2'])
    expect(said(value)).toEqual(both('Input should be greater than or equal to 0'))
  for (const value of ['100000000', 1e8, '1e8', '99999999.999e1'])
    expect(said(value)).toEqual(both('Input should be less than or equal to 99999999.99'))
  for (const value of ['0.001', 0.001, '1e-3', '99999999.991', 1.005])
    expect(said(value)).toEqual(both('Decimal input should have no more than 2 decimal places'))
})
