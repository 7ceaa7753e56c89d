import fc from 'fast-check'
import { expect, test } from 'vitest'
import { phoneKey, plainPhoneKey, showPhone } from '../../server/domain/phone.ts'

test.each([
  ['+49 151 1234567', '+491511234567'],
  ['0049 151 123-4567', '+491511234567'],
  ['+49 (0)151 / 123 45 67', '+491511234567'],
  ['+49 (0 ) 151 1234567', '+491511234567'],
  ['(+49) 151 1234567', '+491511234567'],
  ['＋49 １５１ 1234567', '+491511234567'],
  ['(0151) 123-4567', '01511234567'],
  ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
  ['۰۱۲۳', '0123'],
  ['+0151 1234567', '01511234567'],
  ['+ (0)151 1234567', '01511234567'],
  ['+0049 151 1234567', '+491511234567'],
  ['000151', '000151'],
  ['110', '110'],
  ['00', '00'],
  ['no number', ''],
  ['+', ''],
])('%s has the plain key %s', (written, key) => {
  expect(plainPhoneKey(written)).toBe(key)
})

test.each([
  '0044 (0) 7700-900 461',
  '+44 7700 900461',
  '07700 900461',
  '\u202a+44\u00a07700\u2011900461\u202c',
  '٠٧٧٠٠ ٩٠٠٤٦١',
])('%s is one number in a shop of the United Kingdom', (written) => {
  expect(phoneKey(written, 'GB')).toBe('+447700900461')
  expect(showPhone(written, 'GB')).toBe('07700 900461')
})

test.each([
  ['+49 171 5550123', 'DE', '+491715550123', '0171 5550123'],
  ['0171 / 555 01 23', 'DE', '+491715550123', '0171 5550123'],
  ['0044 7700 900461', 'DE', '+447700900461', '+44 7700 900461'],
  ['0044 7700 900461', 'US', '+447700900461', '+44 7700 900461'],
  ['011 44 7700 900461', 'US', '+447700900461', '+44 7700 900461'],
  ['0011 44 7700 900461', 'AU', '+447700900461', '+44 7700 900461'],
  ['(212) 555-0187', 'US', '+12125550187', '(212) 555-0187'],
  ['+1 416 555 0123', 'US', '+14165550123', '(416) 555-0123'],
  ['06 555 0144', 'IT', '+39065550144', '06 555 0144'],
  // Nobody has grouped these: they are shown as they were written.
  ['0151 1234567', 'DE', '+491511234567', '0151 1234567'],
  // No number of its country, or of no country: plain.
  ['110', 'DE', '110', '110'],
  ['555-0100', 'US', '5550100', '555-0100'],
  ['0171 5550123', null, '01715550123', '0171 5550123'],
  ['+49 (0)171 555-0123', null, '+491715550123', '+49 171 5550123'],
  ['', 'DE', '', ''],
])('%s in %s has the key %s and is shown as %s', (written, country, key, shown) => {
  expect(phoneKey(written, country)).toBe(key)
  expect(showPhone(written, country)).toBe(shown)
})

test('the key of a key is the key, and what is shown is the same number', () => {
  const written = fc.string({ unit: fc.constantFrom(...'0123456789+-() '), maxLength: 20 })
  fc.assert(
    fc.property(written, fc.constantFrom('DE', 'GB', 'US', 'IT', 'AU', null), (phone, country) => {
      const key = phoneKey(phone, country)
      expect(phoneKey(key, country)).toBe(key)
      expect(phoneKey(showPhone(phone, country), country)).toBe(key)
    }),
    { numRuns: 2_000 },
  )
})

test('spaces, dashes and brackets make no difference', () => {
  const digits = fc.array(fc.constantFrom(...'123456789'), { minLength: 3, maxLength: 15 })
  fc.assert(
    fc.property(
      digits,
      fc.constantFrom(' ', '-', ' - ', '/', '.'),
      fc.constantFrom('', '+', '0'),
      (number, gap, lead) => {
        expect(plainPhoneKey(lead + number.join(gap))).toBe(plainPhoneKey(lead + number.join('')))
        expect(phoneKey(lead + number.join(gap), 'DE')).toBe(phoneKey(lead + number.join(''), 'DE'))
      },
    ),
  )
})
