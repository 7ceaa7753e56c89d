import { expect, test } from 'vitest'
import { followCountry, placeDefaults, taxOf } from '../../../renderer/features/settings/place-defaults.ts'

const at = (country: string) => ({ country, time_zone: 'UTC', ...placeDefaults(country), currency: 'EUR' })

test('a country brings its currency and how prices are usually meant there', () => {
  expect(placeDefaults('DE')).toEqual({ currency: 'EUR', tax_mode: 'included', tax_percent: 19 })
  expect(followCountry(at('DE'), 'CH')).toEqual({
    country: 'CH',
    currency: 'CHF',
    tax_mode: 'included',
    tax_percent: 8.1,
  })
})

test('what somebody has set for themselves stays when another country is chosen', () => {
  const own = { ...at('DE'), currency: 'CHF', tax_mode: 'none' as const }
  expect(followCountry(own, 'AT')).toEqual({ country: 'AT' })
})

test('where the country does not say it, tax is asked', () => {
  expect(followCountry(at('DE'), 'JP')).toEqual({ country: 'JP', tax_mode: null, tax_percent: null })
  expect(taxOf(placeDefaults('JP'))).toBeNull()
  expect(placeDefaults('US')).toEqual({ currency: 'USD', tax_mode: 'added', tax_percent: null })
  expect(taxOf(placeDefaults('US'))).toBeNull()
  expect(taxOf({ tax_mode: 'none', tax_percent: null })).toEqual({ tax_mode: 'none', tax_rate: 0 })
  expect(taxOf({ tax_mode: 'added', tax_percent: 8.875 })).toEqual({ tax_mode: 'added', tax_rate: 888 })
})
