/** What the demonstration's counter has bought, offered and looks at. */

type Words = { en: string; de: string }

/** A choice that is not the best one, by the question's English text. */
export type Found = Readonly<Record<string, string>>

/** Somebody who came to the counter with a device; `age` in days. */
export type WalkIn = {
  key: string
  full_name: string
  phone: string
  device: readonly [type: string, brand: string, model: string, storage: string | null]
  found: Found
  age: number
  /** Bought, at what it will be sold; null where they are thinking it over. */
  sold_at: number | null
  document: readonly [kind: Words, number: string]
}

/** One whose hold is over, one on hold, one who is thinking it over. */
export const WALK_INS: readonly WalkIn[] = [
  { key: 'rosa', full_name: 'Rosa Almeida', phone: '07700 900771', device: ['Phone', 'Apple', 'iPhone 13', '128GB'], found: { Screen: 'near' }, age: 12, sold_at: 379, document: [{ en: 'Passport', de: 'Reisepass' }, 'CC840271'] },
  { key: 'tomasz', full_name: 'Tomasz Lewandowski', phone: '07700 900772', device: ['Phone', 'Samsung', 'Galaxy S23', '128GB'], found: { Frame: 'far' }, age: 3, sold_at: 319, document: [{ en: 'Driving licence', de: 'Führerschein' }, 'LEWAN705213TZ9'] },
  { key: 'yusuf', full_name: 'Yusuf Demir', phone: '07700 900773', device: ['Phone', 'Apple', 'iPhone 12', '64GB'], found: { 'Charging port': 'no' }, age: 1, sold_at: null, document: [{ en: 'Passport', de: 'Reisepass' }, 'U21093345'] },
] // oxfmt-ignore

/** Evaluations under way: how many of the questions are answered. */
export const UNDER_WAY: readonly { device: WalkIn['device']; answered: number }[] = [
  { device: ['Phone', 'Google', 'Pixel 7a', '128GB'], answered: 5 },
  { device: ['Laptop', 'Apple', 'MacBook Air 13" M1', null], answered: 2 },
]

/** Path data of an SVG of 600 by 200. */
export const SIGNATURE =
  'M20 120L43 82L63 62L81 60L97 76L110 110L124 142L142 153L161 147L181 126L200 90L218 60L237 52L256 61L277 82L300 110'
