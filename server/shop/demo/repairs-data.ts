import { luhnValid } from '../../domain/imei.ts'
import type { OrderStatus } from '../../domain/repair-status.ts'

/** The people, devices and troubles of the demonstration shop. All made up; the phone numbers are kept free for films. */

export const STAFF = [
  { key: 'owner', full_name: 'Maren Holt', phone: '020 7946 0101', email: 'maren.holt@example.com' },
  { key: 'bench', full_name: 'Tomasz Zieliński', phone: '020 7946 0102', email: 'tomasz.zielinski@example.com' },
  { key: 'desk', full_name: 'Priya Raman', phone: '020 7946 0103', email: 'priya.raman@example.com' },
] as const

export const CUSTOMERS = [
  'Amelia Hart', 'Ben Okafor', 'Chloé Laurent', 'Daniel Weiss', 'Elif Kaya', 'Finn Gallagher', 'Grace Liu', 'Hassan Ali',
  'Ines Moreira', 'Jakob Lindqvist', 'Katarzyna Nowak', 'Liam Murphy', 'Mei Tanaka', 'Nadia Petrova', 'Oscar Jensen', 'Paula Ruiz',
  'Quentin Blake', 'Rosa Marchetti', 'Samuel Adeyemi', 'Tara Singh', 'Ursula Vogt', 'Victor Hugo Alves', 'Wanda Kowalska', 'Xavier Roche',
  'Yara Haddad', 'Zoë Bakker', 'Aisha Rahman', 'Callum Reid', 'Dorothy Finch', 'Emeka Nwosu', 'Freya Nielsen', 'George Papas',
  'Hana Novák', 'Idris Bell', 'Jana Müller', 'Kofi Mensah', 'Lena Sørensen', 'Marco Conti', 'Noor Jansen', 'Olivia Grant',
] as const // oxfmt-ignore

/** Type, brand and model. */
export const MODELS = [
  ['Phone', 'Apple', 'iPhone 13'], ['Phone', 'Apple', 'iPhone 15 Pro'], ['Phone', 'Apple', 'iPhone SE (2022)'],
  ['Phone', 'Samsung', 'Galaxy S23'], ['Phone', 'Samsung', 'Galaxy A54'], ['Phone', 'Google', 'Pixel 7a'],
  ['Phone', 'Fairphone', 'Fairphone 5'], ['Laptop', 'Apple', 'MacBook Air 13" M1'], ['Laptop', 'Lenovo', 'ThinkPad T14'],
  ['Laptop', 'Dell', 'XPS 13 9310'], ['Laptop', 'HP', 'EliteBook 840 G8'], ['Laptop', 'Asus', 'ZenBook 14'],
  ['Tablet', 'Apple', 'iPad 9th generation'], ['Tablet', 'Samsung', 'Galaxy Tab S8'], ['Game console', 'Nintendo', 'Switch OLED'],
] as const // oxfmt-ignore

/** What is wrong, in the customer's words by language, and what it costs, in cents. */
export const TROUBLES = [
  {
    problem: 'Screen broken',
    en: 'Dropped on the pavement, glass cracked across, touch still works',
    de: 'Auf den Gehweg gefallen, Glas quer gesprungen, Berührung geht noch',
    cents: 14_900,
  },
  {
    problem: 'Battery weak',
    en: 'Barely lasts until noon, gets warm while charging',
    de: 'Hält kaum bis Mittag, wird beim Laden warm',
    cents: 7_900,
  },
  {
    problem: 'Does not charge',
    en: 'Cable only holds at an angle, lint in the port?',
    de: 'Kabel hält nur schräg, Fusseln in der Buchse?',
    cents: 4_500,
  },
  {
    problem: 'Does not start',
    en: 'Stays black since the last update, charging light comes on',
    de: 'Bleibt seit dem letzten Update schwarz, Ladelicht geht an',
    cents: 8_900,
  },
  {
    problem: 'Water damage',
    en: 'Tea over the keyboard yesterday, switched off at once',
    de: 'Gestern Tee über der Tastatur, gleich ausgeschaltet',
    cents: 18_900,
  },
  {
    problem: 'Keyboard',
    en: 'Keys E and R stick, space bar sometimes doubles',
    de: 'Tasten E und R klemmen, Leertaste manchmal doppelt',
    cents: 9_900,
  },
  {
    problem: 'Camera',
    en: 'Back camera blurry, front one is fine',
    de: 'Hintere Kamera unscharf, vordere in Ordnung',
    cents: 8_500,
  },
  {
    problem: 'Sound',
    en: 'Callers sound far away, speaker crackles',
    de: 'Anrufer klingen weit weg, Lautsprecher knistert',
    cents: 5_900,
  },
  {
    problem: 'Slow',
    en: 'Takes ten minutes to start, fan always on',
    de: 'Braucht zehn Minuten zum Starten, Lüfter läuft immer',
    cents: 6_500,
  },
  {
    problem: 'Data rescue',
    en: 'Photos of the last two years, no backup',
    de: 'Fotos der letzten zwei Jahre, keine Sicherung',
    cents: 24_000,
  },
] as const

export const CHARGER = { en: 'Charger', de: 'Ladegerät' } as const

const MESSAGES = [
  { en: 'Part ordered, two working days.', de: 'Teil bestellt, zwei Werktage.' },
  { en: 'Called, no answer. Sent a text.', de: 'Angerufen, niemand da. SMS geschickt.' },
  { en: 'Customer agrees to the price.', de: 'Kunde ist mit dem Preis einverstanden.' },
  { en: 'Opened and cleaned; testing overnight.', de: 'Geöffnet und gereinigt; läuft über Nacht zur Probe.' },
  { en: 'Ready, tested twice. Back tomorrow to collect.', de: 'Fertig, zweimal geprüft. Wird morgen abgeholt.' },
] as const

export type Plan = {
  n: number
  status: OrderStatus
  /** Days ago that it came in. */
  age: number
  /** Days from now that it is promised for; negative is overdue, null not promised. */
  promise: number | null
  /** Of the price, in percent. */
  paid: 0 | 40 | 100
  message: (typeof MESSAGES)[number] | null
}

/** How many repairs of each status, and how old the oldest is, in days. */
const MIX = [
  { status: 'Completed', count: 27, from: 6, days: 40 },
  { status: 'Cancelled', count: 5, from: 4, days: 30 },
  { status: 'Repairing', count: 16, from: 1, days: 9 },
  { status: 'Pending', count: 13, from: 0, days: 4 },
] as const

/** What happens to each repair: the same in every demonstration. */
export function plans(): Plan[] {
  const all = MIX.flatMap(({ status, count, from, days }) =>
    Array.from({ length: count }, (_, index) => ({ status, index, age: from + ((index * 7) % (days - from)) })),
  )
  return all
    .toSorted((a, b) => b.age - a.age)
    .map(({ status, index, age }, n) => ({
      n,
      status,
      age,
      promise: promiseOf(status, index, age),
      paid:
        status !== 'Completed'
          ? status === 'Repairing' && index % 5 === 0
            ? 40
            : 0
          : index % 6 === 0
            ? 40
            : index % 7 === 3
              ? 0
              : 100,
      message: index % 2 === 0 || status === 'Completed' ? MESSAGES[n % MESSAGES.length]! : null,
    }))
}

function promiseOf(status: OrderStatus, index: number, age: number): number | null {
  if (status === 'Completed' || status === 'Cancelled') return 4 - age
  if (index % 5 === 4) return null
  if (age > 0 && index % 4 === 1) return -1
  return index % 3 === 0 ? 0 : 1 + (index % 4)
}

/** A serial number that its maker might have given; phones have an IMEI whose check digit is right. */
export function serialOf(n: number, type: string): string {
  if (type !== 'Phone') return `DM${(n * 7_919_003 + 104_729).toString(36).toUpperCase().padStart(8, '0')}`
  const body = `3567${String(900_000_000 + n * 9_973_211).slice(0, 9)}${n % 10}`
  for (let check = 0; check < 10; check++) if (luhnValid(`${body}${check}`)) return `${body}${check}`
  throw new Error('Every number has a check digit')
}
