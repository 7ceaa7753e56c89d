import type { Grade } from '../../domain/grade.ts'
import type { PickupStatus } from '../../domain/pickup-status.ts'
import type { SalesStatus } from '../../domain/sales-status.ts'

/** Who buys from the demonstration shop and sells to it, and what it pays. Money in whole units of its currency. */

type Words = { en: string; de: string }

export type DemoSale = {
  status: SalesStatus
  /** Days ago that it was ordered. */
  age: number
  /** Names of products and how many. */
  lines: readonly (readonly [name: string, qty: number])[]
  method: 'cod' | 'wallet'
  notes?: Words
}

export type DemoTradeIn = {
  status: PickupStatus
  age: number
  device: readonly [brand: string, model: string, storage: string, Grade]
  info?: Words
  /** What was found, and our offer. */
  found?: { offer: number; battery_health?: number; notes: Words; parts?: readonly string[] }
}

export type Shopper = { full_name: string; email: string; sales: readonly DemoSale[]; tradeIns: readonly DemoTradeIn[] }

const CLEAN = { en: 'As described, no hidden faults.', de: 'Wie beschrieben, keine versteckten Mängel.' }

/** Nobody pays by card here: what Stripe never saw is not told. */
export const SHOPPERS: readonly Shopper[] = [
  {
    full_name: 'Alma Bergström',
    email: 'alma.bergstrom@example.com',
    sales: [
      { status: 'completed', age: 21, method: 'cod', lines: [['iPhone 13 128GB', 1], ['USB-C power adapter 20W', 1]] },
      { status: 'pending', age: 0, method: 'cod', lines: [['AirPods Pro 2nd generation', 1]] },
    ],
    tradeIns: [
      { status: 'accepted', age: 20, device: ['Apple', 'iPhone 12', '64GB', 'C'], found: { offer: 150, battery_health: 84, notes: CLEAN } },
    ],
  },
  {
    full_name: 'Bruno Castellani',
    email: 'bruno.castellani@example.com',
    sales: [
      { status: 'completed', age: 18, method: 'wallet', lines: [['ThinkPad T14 Gen 3 16GB/512GB', 2], ['USB-C Dock 90W', 1]] },
      { status: 'shipped', age: 2, method: 'cod', lines: [['MX Master 3S graphite', 2]], notes: { en: 'Parcel handed to the courier.', de: 'Paket dem Boten übergeben.' } },
    ],
    tradeIns: [],
  },
  {
    full_name: 'Cora Whitfield',
    email: 'cora.whitfield@example.com',
    sales: [{ status: 'refunded', age: 15, method: 'cod', lines: [['WH-1000XM5 black', 1]], notes: { en: 'Left ear silent; brought back, money returned at the counter.', de: 'Links kein Ton; zurückgebracht, Geld am Tresen erstattet.' } }],
    tradeIns: [
      { status: 'offered', age: 3, device: ['Samsung', 'Galaxy S23', '128GB', 'B'], info: { en: 'With its box and cable', de: 'Mit Karton und Kabel' }, found: { offer: 265, battery_health: 91, notes: CLEAN } },
    ],
  },
  {
    full_name: 'Dmitri Sokolov',
    email: 'dmitri.sokolov@example.com',
    sales: [{ status: 'completed', age: 12, method: 'cod', lines: [['iPhone 15 Pro 256GB', 1]] }],
    tradeIns: [
      { status: 'accepted', age: 13, device: ['Apple', 'iPhone 13', '128GB', 'B'], found: { offer: 255, battery_health: 87, notes: { en: 'Back glass replaced, then as new.', de: 'Rückglas ersetzt, danach wie neu.' }, parts: ['Back glass'] } },
    ],
  },
  {
    full_name: 'Esther Mbeki',
    email: 'esther.mbeki@example.com',
    sales: [{ status: 'cancelled', age: 9, method: 'cod', lines: [['Surface Laptop 5 8GB/512GB', 1]], notes: { en: 'Called: found one elsewhere.', de: 'Anruf: hat anderswo eins gefunden.' } }],
    tradeIns: [
      { status: 'rejected', age: 10, device: ['Lenovo', 'ThinkPad T480', '256GB', 'D'], found: { offer: 90, notes: { en: 'Hinge loose, two keys dead.', de: 'Scharnier lose, zwei Tasten defekt.' } } },
    ],
  },
  {
    full_name: 'Felix Hartmann',
    email: 'felix.hartmann@example.com',
    sales: [{ status: 'paid', age: 1, method: 'cod', lines: [['Galaxy S24 Ultra 256GB', 1], ['USB-C power adapter 45W', 1]], notes: { en: 'Paid at the counter, fetches it on Saturday.', de: 'Am Tresen bezahlt, holt am Samstag ab.' } }],
    tradeIns: [
      { status: 'evaluating', age: 2, device: ['Apple', 'iPhone 11', '64GB', 'D'], info: { en: 'Front camera foggy', de: 'Frontkamera beschlagen' }, found: { offer: 70, battery_health: 76, notes: { en: 'Drying out over night.', de: 'Trocknet über Nacht.' } } },
    ],
  },
  {
    full_name: 'Gwen Tudor',
    email: 'gwen.tudor@example.com',
    sales: [
      { status: 'completed', age: 8, method: 'wallet', lines: [['iPad (10th generation) 64GB', 1], ['Pencil 2nd generation', 1]] },
      { status: 'paid', age: 1, method: 'wallet', lines: [['Galaxy Buds2 Pro white', 1]] },
    ],
    tradeIns: [
      { status: 'requested', age: 1, device: ['Apple', 'iPad (9th generation)', '64GB', 'B'], info: { en: 'Small dent at one corner', de: 'Kleine Delle an einer Ecke' } },
    ],
  },
  {
    full_name: 'Hiroshi Nakamura',
    email: 'hiroshi.nakamura@example.com',
    sales: [{ status: 'shipped', age: 3, method: 'wallet', lines: [['Pixel 8 128GB', 1]] }],
    tradeIns: [
      { status: 'collected', age: 2, device: ['Google', 'Pixel 7a', '128GB', 'B'], found: { offer: 150, notes: { en: 'Fetched, on its way to the bench.', de: 'Abgeholt, auf dem Weg in die Werkstatt.' } } },
      { status: 'rejected', age: 16, device: ['Sony', 'Xperia 5 III', '128GB', 'C'], found: { offer: 110, battery_health: 79, notes: { en: 'Battery swollen.', de: 'Akku aufgebläht.' } } },
    ],
  },
  {
    full_name: 'Imani Walker',
    email: 'imani.walker@example.com',
    sales: [{ status: 'pending', age: 1, method: 'wallet', lines: [['EliteBook 840 G9 16GB/512GB', 1]] }],
    tradeIns: [
      { status: 'offered', age: 4, device: ['Apple', 'MacBook Air 13" M1', '256GB', 'C'], found: { offer: 280, battery_health: 82, notes: CLEAN } },
      { status: 'requested', age: 0, device: ['Apple', 'iPhone 15', '128GB', 'A'] },
    ],
  },
] // oxfmt-ignore

type PriceRow = readonly [brand: string, model: string, storage: string | null, prices: readonly number[]]

/** What the shop pays for the grades A to E today. */
export const MATRIX: readonly PriceRow[] = [
  ['Apple', 'iPhone 15', '128GB', [460, 400, 330, 220, 110]],
  ['Apple', 'iPhone 13', '128GB', [290, 255, 200, 130, 60]],
  ['Apple', 'iPhone 12', '64GB', [200, 175, 150, 90, 40]],
  ['Apple', 'iPhone 11', '64GB', [140, 115, 95, 70, 30]],
  ['Samsung', 'Galaxy S23', '128GB', [310, 270, 215, 130, 60]],
  ['Google', 'Pixel 7a', '128GB', [170, 150, 120, 70, 30]],
  ['Apple', 'MacBook Air 13" M1', null, [410, 360, 290, 190, 90]],
]

/** A line that is over, and one that is yet to come: days from now, and a share of today's prices in percent. */
export const SEASONS = [
  { from: -120, until: -30, percent: 110 },
  { from: -30, until: 30, percent: 100 },
  { from: 30, until: null, percent: 90 },
] as const

export const DEDUCTIONS = [
  { name: { en: 'Screen cracked', de: 'Display gesprungen' }, amount_cents: null, percent_tenths: 250 },
  { name: { en: 'Battery under 80 %', de: 'Akku unter 80 %' }, amount_cents: 4_000, percent_tenths: null },
  { name: { en: 'Locked to a network', de: 'Mit SIM-Lock' }, amount_cents: null, percent_tenths: 100 },
  { name: { en: 'Charger missing', de: 'Netzteil fehlt' }, amount_cents: 1_500, percent_tenths: null },
] as const

/** Where parcels go to and devices are fetched. */
export const STREETS = ['4 Rope Walk', '31 Mill Lane', '9 Chapel Row', '52 Station Road'] as const
