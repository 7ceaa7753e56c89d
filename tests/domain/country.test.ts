import { expect, test } from 'vitest'
import { countryOfPlace } from '../../server/domain/country.ts'

test.each([
  ['Europe/Berlin', 'EUR', 'DE'],
  ['Europe/Vienna', 'EUR', 'AT'],
  ['Europe/Zurich', 'CHF', 'CH'],
  ['Europe/London', 'GBP', 'GB'],
  ['America/Toronto', 'CAD', 'CA'],
  ['America/New_York', 'USD', 'US'],
  ['Asia/Kolkata', 'INR', 'IN'],
  ['Asia/Calcutta', 'INR', 'IN'],
  ['UTC', 'GBP', 'GB'],
  ['UTC', 'EUR', null],
  ['Nowhere/Else', 'XXX', null],
])('a shop of %s that takes %s is in %s', (time_zone, currency, country) => {
  expect(countryOfPlace({ time_zone, currency })).toBe(country)
})
