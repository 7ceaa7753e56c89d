import type { Grade } from '../../domain/grade.ts'

/** What the demonstration shop sells. Prices in whole units of the shop's currency. */

/** A product is kept by serial number where `units` says what its pieces cost us, in whole units. */
export type DemoProduct = {
  category: string
  brand: string
  model: string
  name: string
  condition: Grade
  price: number
  original: number
  stock: number
  highlights: readonly (keyof typeof HIGHLIGHTS)[]
  units?: readonly number[]
}

export const HIGHLIGHTS = {
  inspected: { en: 'Certified inspection', de: 'Geprüft und gereinigt' },
  warranty: { en: '12 months warranty', de: '12 Monate Garantie' },
  battery: { en: 'Battery above 90 %', de: 'Akku über 90 %' },
  newBattery: { en: 'New battery', de: 'Neuer Akku' },
  unlocked: { en: 'Unlocked', de: 'Ohne SIM-Lock' },
  charger: { en: 'Charger included', de: 'Mit Netzteil' },
  boxed: { en: 'In its box', de: 'Originalverpackt' },
  scratches: { en: 'Light scratches', de: 'Leichte Kratzer' },
  worn: { en: 'Visible wear, fully working', de: 'Deutliche Gebrauchsspuren, voll funktionsfähig' },
} as const

type Row = readonly [brand: string, model: string, more: string, Grade, price: number, original: number, stock: number]

const PHONES: readonly Row[] = [
  ['Apple', 'iPhone 15 Pro', '256GB', 'A', 849, 1_099, 3], ['Apple', 'iPhone 15', '128GB', 'A', 629, 799, 4],
  ['Apple', 'iPhone 14 Pro', '128GB', 'B', 599, 849, 4], ['Apple', 'iPhone 14', '128GB', 'A', 499, 649, 5],
  ['Apple', 'iPhone 13', '128GB', 'B', 379, 479, 6], ['Apple', 'iPhone 13 mini', '128GB', 'C', 299, 399, 0],
  ['Apple', 'iPhone 12', '64GB', 'C', 229, 299, 4], ['Apple', 'iPhone SE (2022)', '64GB', 'B', 199, 259, 3],
  ['Apple', 'iPhone 11', '64GB', 'D', 149, 149, 2], ['Samsung', 'Galaxy S24 Ultra', '256GB', 'A', 799, 1_049, 2],
  ['Samsung', 'Galaxy S24', '128GB', 'A', 549, 729, 3], ['Samsung', 'Galaxy S23', '128GB', 'B', 399, 549, 5],
  ['Samsung', 'Galaxy A55', '128GB', 'A', 279, 349, 6], ['Samsung', 'Galaxy A54', '128GB', 'C', 189, 249, 0],
  ['Samsung', 'Galaxy Z Flip5', '256GB', 'B', 449, 649, 1], ['Google', 'Pixel 8 Pro', '128GB', 'A', 519, 699, 2],
  ['Google', 'Pixel 8', '128GB', 'B', 389, 499, 3], ['Google', 'Pixel 7a', '128GB', 'B', 229, 299, 4],
  ['Fairphone', 'Fairphone 5', '256GB', 'A', 449, 549, 2], ['Sony', 'Xperia 5 V', '128GB', 'B', 479, 649, 1],
  ['Google', 'Pixel 6', '128GB', 'E', 89, 89, 1],
] // oxfmt-ignore

const LAPTOPS: readonly Row[] = [
  ['Apple', 'MacBook Air 13" M2', '8GB/256GB', 'A', 749, 949, 2], ['Apple', 'MacBook Air 13" M1', '8GB/256GB', 'B', 549, 699, 4],
  ['Apple', 'MacBook Pro 14" M3', '16GB/512GB', 'A', 1_299, 1_599, 1], ['Apple', 'MacBook Pro 13" 2020', '16GB/512GB', 'C', 429, 549, 0],
  ['Lenovo', 'ThinkPad T14 Gen 3', '16GB/512GB', 'B', 589, 749, 5], ['Lenovo', 'ThinkPad X1 Carbon Gen 10', '16GB/1TB', 'A', 849, 1_099, 2],
  ['Lenovo', 'IdeaPad 5', '8GB/512GB', 'D', 259, 259, 2], ['Dell', 'XPS 13 9315', '16GB/512GB', 'B', 699, 899, 2],
  ['Dell', 'Latitude 5430', '16GB/256GB', 'B', 479, 599, 6], ['HP', 'EliteBook 840 G9', '16GB/512GB', 'A', 599, 749, 4],
  ['HP', 'ProBook 450 G8', '8GB/256GB', 'C', 349, 449, 3], ['Microsoft', 'Surface Laptop 5', '8GB/512GB', 'A', 699, 849, 2],
  ['Asus', 'ZenBook 14 OLED', '16GB/512GB', 'B', 529, 649, 1], ['Framework', 'Laptop 13', '16GB/1TB', 'A', 779, 899, 1],
] // oxfmt-ignore

const TABLETS: readonly Row[] = [
  ['Apple', 'iPad Pro 11" M2', '128GB', 'A', 649, 799, 2], ['Apple', 'iPad Air (5th generation)', '64GB', 'B', 399, 499, 3],
  ['Apple', 'iPad (10th generation)', '64GB', 'A', 329, 399, 5], ['Apple', 'iPad (9th generation)', '64GB', 'B', 229, 299, 4],
  ['Apple', 'iPad mini 6', '64GB', 'C', 319, 399, 0], ['Samsung', 'Galaxy Tab S9', '128GB', 'A', 529, 679, 2],
  ['Samsung', 'Galaxy Tab S8', '128GB', 'B', 399, 499, 2], ['Samsung', 'Galaxy Tab A9+', '64GB', 'A', 179, 219, 5],
  ['Microsoft', 'Surface Pro 9', '256GB', 'B', 749, 949, 1], ['Lenovo', 'Tab P12', '128GB', 'C', 199, 199, 1],
] // oxfmt-ignore

const ACCESSORIES: readonly Row[] = [
  ['Apple', 'AirPods Pro', '2nd generation', 'A', 179, 229, 8], ['Apple', 'AirPods', '3rd generation', 'B', 109, 149, 5],
  ['Apple', 'Pencil', '2nd generation', 'B', 69, 99, 4], ['Apple', 'USB-C power adapter', '20W', 'A', 19, 25, 20],
  ['Apple', 'Magic Keyboard', 'iPad Air', 'B', 129, 199, 2], ['Apple', 'Watch SE', '44 mm', 'B', 159, 219, 3],
  ['Samsung', 'Galaxy Buds2 Pro', 'white', 'A', 99, 149, 6], ['Samsung', 'Galaxy Watch6', '44 mm', 'A', 159, 229, 3],
  ['Samsung', 'USB-C power adapter', '45W', 'A', 29, 39, 12], ['Sony', 'WH-1000XM5', 'black', 'A', 249, 329, 4],
  ['Sony', 'WF-1000XM4', 'silver', 'B', 129, 199, 3], ['Anker', 'PowerCore', '10,000 mAh', 'A', 25, 30, 15],
  ['Logitech', 'MX Master 3S', 'graphite', 'A', 75, 99, 5], ['Lenovo', 'USB-C Dock', '90W', 'B', 89, 129, 2],
  ['Google', 'Pixel Buds A-Series', 'white', 'C', 49, 69, 0],
] // oxfmt-ignore

/** What the pieces of products cost that are kept by serial number. */
const UNITS: Record<string, readonly number[]> = {
  'iPhone 15 Pro 256GB': [640, 655, 610],
  'Galaxy S24 Ultra 256GB': [590, 575],
  'MacBook Air 13" M2 8GB/256GB': [560, 545],
}

const HIGHLIGHTS_BY_GRADE: Record<Grade, DemoProduct['highlights']> = {
  A: ['inspected', 'warranty', 'boxed'],
  B: ['inspected', 'warranty'],
  C: ['inspected', 'scratches'],
  D: ['worn', 'newBattery'],
  E: ['worn'],
}
const HIGHLIGHTS_BY_CATEGORY: Record<string, DemoProduct['highlights']> = {
  Phone: ['unlocked', 'battery'],
  Laptop: ['charger'],
  Tablet: ['charger'],
}

const productsOf = (category: string, rows: readonly Row[]): DemoProduct[] =>
  rows.map(([brand, model, more, condition, price, original, stock]) => ({
    category,
    brand,
    model,
    name: `${model} ${more}`,
    condition,
    price,
    original,
    stock,
    highlights: [
      ...HIGHLIGHTS_BY_GRADE[condition],
      ...(condition < 'D' ? (HIGHLIGHTS_BY_CATEGORY[category] ?? []) : []),
    ],
    ...(UNITS[`${model} ${more}`] && { units: UNITS[`${model} ${more}`] }),
  }))

export const PRODUCTS: readonly DemoProduct[] = [
  ...productsOf('Phone', PHONES),
  ...productsOf('Laptop', LAPTOPS),
  ...productsOf('Tablet', TABLETS),
  ...productsOf('Accessory', ACCESSORIES),
]

/** Where the demonstration shop's goods lie, while the shop has nothing of its own to say. */
export const PLACES = [
  { name: 'London', code: 'LON', hub_name: 'Harbour Street' },
  { name: 'Brighton', code: 'BTN', hub_name: 'Brighton Lanes' },
] as const
