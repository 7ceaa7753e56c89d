/** One key as it was pressed: the place of the key, by the names of `KeyboardEvent.code`, and Shift. */
export type KeyStroke = { code: string; shift: boolean }

const DIGIT_ROW = [
  'Digit1',
  'Digit2',
  'Digit3',
  'Digit4',
  'Digit5',
  'Digit6',
  'Digit7',
  'Digit8',
  'Digit9',
  'Digit0',
  'Minus',
]
const TOP_ROW = 'QWERTYUIOP'
const HOME_ROW = ['A', 'S', 'D', 'F', 'G', 'H', 'J', 'K', 'L'].map((letter) => `Key${letter}`).concat('Semicolon')
const BOTTOM_ROW = ['Z', 'X', 'C', 'V', 'B', 'N', 'M']
  .map((letter) => `Key${letter}`)
  .concat('Comma', 'Period', 'Slash')
const KEY_CODES = [...DIGIT_ROW, ...[...TOP_ROW].map((letter) => `Key${letter}`), ...HOME_ROW, ...BOTTOM_ROW]

/** What the keys of `KEY_CODES` type, without and with Shift. */
const SIGNS_BY_LAYOUT = {
  us: ['1234567890-qwertyuiopasdfghjkl;zxcvbnm,./', '!@#$%^&*()_QWERTYUIOPASDFGHJKL:ZXCVBNM<>?'],
  german: ['1234567890ßqwertzuiopasdfghjklöyxcvbnm,.-', '!"§$%&/()=?QWERTZUIOPASDFGHJKLÖYXCVBNM;:_'],
  french: ['&é"\'(-è_çà)azertyuiopqsdfghjklmwxcvbn,;:!', '1234567890°AZERTYUIOPQSDFGHJKLMWXCVBN?./§'],
} as const

export type Layout = keyof typeof SIGNS_BY_LAYOUT
export const LAYOUTS = Object.keys(SIGNS_BY_LAYOUT) as Layout[]

type LayoutTable = { sign: Map<string, string>; stroke: Map<string, KeyStroke> }

const LAYOUT_TABLES = Object.fromEntries(LAYOUTS.map((layout) => [layout, tableOf(layout)])) as Record<
  Layout,
  LayoutTable
>

function tableOf(layout: Layout): LayoutTable {
  const table: LayoutTable = { sign: new Map(), stroke: new Map() }
  SIGNS_BY_LAYOUT[layout].forEach((signs, shifted) =>
    [...signs].forEach((sign, index) => {
      const stroke = { code: KEY_CODES[index] ?? '', shift: shifted === 1 }
      table.sign.set(strokeName(stroke), sign)
      table.stroke.set(sign, stroke)
    }),
  )
  return table
}

function strokeName({ code, shift }: KeyStroke): string {
  return (shift ? '+' : '') + code
}

/** The keys that type the text on this layout; null where it has no key for a sign. */
export function strokesOf(text: string, layout: Layout): KeyStroke[] | null {
  const strokes = [...text].flatMap((sign) => LAYOUT_TABLES[layout].stroke.get(sign) ?? [])
  return strokes.length === [...text].length ? strokes : null
}

/** What the keys type on this layout; null where one of them types nothing known. */
export function typedOn(strokes: readonly KeyStroke[], layout: Layout): string | null {
  const signs = strokes.flatMap((stroke) => LAYOUT_TABLES[layout].sign.get(strokeName(stroke)) ?? [])
  return signs.length === strokes.length ? signs.join('') : null
}

/**
 * What our labels hold, strictly: a word that somebody types must not turn into one. Tickets, receipts and purchases have their whole number
 * (receipts of before they had their letter look like tickets), requests digits alone; the others have a digit, and letters of one
 * case (CapsLock turns them all).
 */
const NUMBER_LABEL = /^((T:[A-Z0-9]+-[A-Z0-9]+-|R:[A-Z0-9]+-[A-Z0-9]+-[RP]?)\d{6,}|O:\d+)$/i
const DEVICE_OR_SERIAL_LABEL = /^[DS]:(?=.*\d)[A-Z0-9-]+$/i
const SINGLE_CASE = /^([^a-z]+|[^A-Z]+)$/

const isLabel = (text: string) =>
  (NUMBER_LABEL.test(text) || DEVICE_OR_SERIAL_LABEL.test(text)) && SINGLE_CASE.test(text)

/** The label that a scanner of whichever layout has typed with these keys; null when they are none of ours. */
export function labelFromStrokes(strokes: readonly KeyStroke[]): string | null {
  return LAYOUTS.map((layout) => typedOn(strokes, layout)).find((text) => text !== null && isLabel(text)) ?? null
}

/**
 * The label that stands in a text which a scanner of one layout has typed on a machine of another; null when it is none of
 * ours. Where several would fit, the first: who has the keys asks `labelFromStrokes`, which is sure.
 */
export function labelFromText(text: string): string | null {
  for (const machine of LAYOUTS) {
    const strokes = strokesOf(text, machine)
    const label = strokes && labelFromStrokes(strokes)
    if (label) return label
  }
  return null
}
