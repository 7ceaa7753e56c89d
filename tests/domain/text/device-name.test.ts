import { expect, test } from 'vitest'
import { deviceName } from '../../../server/domain/text/device-name.ts'

test.each([
  ['Apple', 'iPhone 13', null, 'Apple iPhone 13'],
  ['Apple', 'iPhone 13', '128GB', 'Apple iPhone 13 128GB'],
  ['Fairphone', 'Fairphone 5', null, 'Fairphone 5'],
  ['fairphone', 'Fairphone 5', '256GB', 'Fairphone 5 256GB'],
  ['Fairphone', 'fairphone', null, 'fairphone'],
  ['Mac', 'MacBook Air', null, 'Mac MacBook Air'],
  ['', 'iPhone 13', '', 'iPhone 13'],
  ['Apple', '', null, 'Apple'],
  ['', '', null, ''],
])('%s, %s, %s is called %s', (brand, model, storage, name) => {
  expect(deviceName({ brand, model, storage })).toBe(name)
})
