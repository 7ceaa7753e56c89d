import { expect, test } from 'vitest'
import { splitName } from '../../../renderer/desk/split-model-name.ts'

const BRANDS = ['Apple', 'HP', 'Sony', 'Sony Ericsson']

test('a device begins with a brand that the shop knows, spelled as the shop spells it', () => {
  expect(splitName('apple  iPhone 12', BRANDS)).toEqual({ brand: 'Apple', model: 'iPhone 12' })
  expect(splitName('sony ericsson W800', BRANDS)).toEqual({ brand: 'Sony Ericsson', model: 'W800' })
  expect(splitName('HP', BRANDS)).toEqual({ brand: 'HP', model: '' })
})

test('a well-known product says who makes it', () => {
  const made = {
    'iPhone 12': ['Apple', 'iPhone 12'],
    'iphone12 mini': ['Apple', 'iPhone12 mini'],
    'MacBook Air': ['Apple', 'MacBook Air'],
    'galaxy s23': ['Samsung', 'Galaxy s23'],
    'Pixel 7a': ['Google', 'Pixel 7a'],
    'Surface Pro 9': ['Microsoft', 'Surface Pro 9'],
    'ThinkPad T14': ['Lenovo', 'ThinkPad T14'],
    'XPS 13': ['Dell', 'XPS 13'],
    'EliteBook 840': ['HP', 'EliteBook 840'],
    'PlayStation 5': ['Sony', 'PlayStation 5'],
  }
  for (const [typed, [brand, model]] of Object.entries(made))
    expect(splitName(typed, BRANDS), typed).toEqual({ brand, model })
})

test('of anything else the first word is the brand', () => {
  expect(splitName('Fairphone 5 Pro', BRANDS)).toEqual({ brand: 'Fairphone', model: '5 Pro' })
  expect(splitName('Pixelmator Box', BRANDS)).toEqual({ brand: 'Pixelmator', model: 'Box' })
  expect(splitName('Hpx 3', BRANDS)).toEqual({ brand: 'Hpx', model: '3' })
})
