import fc from 'fast-check'
import { expect, test } from 'vitest'
import { looksLikeCardNumber } from '../../../server/domain/text/card-number.ts'
import { luhnValid } from '../../../server/domain/imei.ts'

const CARDS = {
  Visa: '4111111111111111',
  Mastercard: '5555555555554444',
  'Mastercard of the 2 series': '2223003122003222',
  Discover: '6011111111111117',
  'Discover of the 65 series': '6510000000000018',
  'American Express': '378282246310005',
  'American Express of the 34 series': '343434343434343',
}
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
const withCheckDigit = (start: string) => [...'0123456789'].map((digit) => start + digit).find(luhnValid) ?? ''

test.each(Object.entries(CARDS))('%s is found', (_, number) => {
  const spaced = number.replace(/(\d{4})(?=\d)/g, '$1 ')
  for (const text of [
    number,
    spaced,
    spaced.replaceAll(' ', '-'),
    spaced.replaceAll(' ', ' - '),
    [...number].join(' '),
  ]) {
    expect([text, looksLikeCardNumber(text)]).toEqual([text, true])
    expect(looksLikeCardNumber(`customer paid with ${text}, exp. 12/27`)).toBe(true)
  }
})

test('a card is found between other groups of digits', () => {
  expect(looksLikeCardNumber('0151 2345678 4111 1111 1111 1111 12 27 123')).toBe(true)
  expect(looksLikeCardNumber('3782 822463 10005')).toBe(true)
})

test('wide digits and no-break spaces do not hide a card', () => {
  expect(looksLikeCardNumber('４１１１ １１１１ １１１１ １１１１')).toBe(true)
  expect(looksLikeCardNumber('4111\u00a01111\u00a01111\u20111111')).toBe(true)
})

test('a number with a wrong check digit is no card', () => {
  expect(looksLikeCardNumber('4111 1111 1111 1112')).toBe(false)
})

test('a part of a longer number is no card', () => {
  for (const [before, after] of [
    ['1', ''],
    ['', '1'],
    ['00', '00'],
  ])
    expect(looksLikeCardNumber(`${before}${CARDS.Visa}${after}`)).toBe(false)
})

test('whatever signs part the groups of a card, it is found', () => {
  const signs = fc.constantFrom(
    '.',
    '/',
    '_',
    ',',
    ' | ',
    '\n',
    '\r\n',
    '·',
    '•',
    '*',
    ' – ',
    ':',
    '","',
    '\t',
    '…',
    '🙂',
  )
  const parted = (groups: string[], between: string[]) =>
    groups.map((group, index) => (index === 0 ? '' : (between[index] ?? '.')) + group).join('')
  fc.assert(
    fc.property(fc.array(signs, { minLength: 16, maxLength: 16 }), signs, (several, one) => {
      expect(looksLikeCardNumber(parted(['4111', '1111', '1111', '1111'], several))).toBe(true)
      expect(looksLikeCardNumber(parted(['3782', '822463', '10005'], several))).toBe(true)
      expect(looksLikeCardNumber(parted([...CARDS.Mastercard], several))).toBe(true)
      expect(looksLikeCardNumber(['41', '11111', '111', '111111'].join(one))).toBe(true)
    }),
  )
})

test('digits of any script and what nobody sees between them do not hide a card', () => {
  const zeros = [0x660, 0x6f0, 0x966, 0xe50, 0xff10, 0x1d7ce, 0x1d7d8, 0x1e950]
  const hidden = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u202e', '']
  for (const zero of zeros)
    for (const between of hidden) {
      const digits = [...CARDS.Visa].map((digit) => String.fromCodePoint(zero + Number(digit)))
      expect([zero, between, looksLikeCardNumber(digits.join(between))]).toEqual([zero, between, true])
    }
  for (const between of hidden) expect(looksLikeCardNumber([...CARDS.Visa].join(between))).toBe(true)
})

test('groups apart from each other are no card', () => {
  expect(looksLikeCardNumber('4111 x 1111 x 1111 x 1111')).toBe(false)
})

test('an IMEI never counts, alone or beside others', () => {
  const imei = fc
    .tuple(fc.constantFrom('35', '86', '01', '49', '99'), digits(12))
    .map(([prefix, rest]) => withCheckDigit(prefix + rest))
  fc.assert(
    fc.property(imei, imei, fc.nat(9), (one, two, note) => {
      expect(looksLikeCardNumber(`${one} ${two}`)).toBe(false)
      expect(looksLikeCardNumber(`IMEI ${one} ${note}`)).toBe(false)
      expect(looksLikeCardNumber(`${one.slice(0, 2)}-${one.slice(2, 8)}-${one.slice(8, 14)}-${one.slice(14)}`)).toBe(
        false,
      )
    }),
  )
})

test('what shops write every day is no card', () => {
  const texts = [
    '',
    '+49 151 1234567',
    'S1-T1-000123',
    'C02XK1JQ05N',
    '2026-11-20 13:45:00',
    '1795181481000',
    'EAN 4006381333931',
    '45.00 12.50 30.00 99.91',
    'Battery 45.00, screen 129.90, labour 30.00 – together 204.90',
    '4.11.2026 11:11, 5.11.2026 10:30',
    '+49 151 1234567 / 0170 7654321',
  ]
  for (const text of texts) expect([text, looksLikeCardNumber(text)]).toEqual([text, false])
})
