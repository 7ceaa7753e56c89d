/** What stands before the digits of a document's number. Receipts of before they had a letter look like tickets. */
export const LETTERS = { ticket: '', receipt: 'R', purchase: 'P' } as const
export type Series = keyof typeof LETTERS
export type Letter = (typeof LETTERS)[keyof typeof LETTERS]

const DOCUMENT_NUMBER = /^(\p{Lu}[\p{Lu}\d]*)-(\p{Lu}[\p{Lu}\d]*)-([RP]?)(\d{6,15})$/u

/** What a document is called by people: `S1-T1-000001` a ticket, `S1-T1-R000001` a receipt, `S1-T1-P000001` a purchase. */
export function documentNumber(store: string, terminal: string, n: number, letter: Letter = ''): string {
  return numberInSeries(`${store}-${terminal}`, n, letter)
}

/** Number `n` of the series that is called `label`. It grows beyond six digits and never wraps. */
export const numberInSeries = (label: string, n: number, letter: Letter): string =>
  `${label}-${letter}${String(n).padStart(6, '0')}`

/** What a restore adds to a terminal's name: `T1X2` after `T1`, and `T1X3` after the next one. */
const RESTORED = /^(.+?)X([1-9]\d*)$/

const PART = /^[A-Z][A-Z\d]{0,7}$/

/** Whether a store may be called so in numbers: `S2`. */
export const isStoreCode = (code: string): boolean => PART.test(code)

/** Whether a new terminal may be called so in numbers: `T2`, and never `T2X2`, which a restore makes of it. */
export const isTerminalName = (terminal: string): boolean => PART.test(terminal) && !RESTORED.test(terminal)

/** How a terminal is called from a restore on: `T1X2` in the second epoch, and never as it was called before. */
export function restoredTerminal(terminal: string, epoch: number): string {
  const [, name = terminal, before = '1'] = RESTORED.exec(terminal) ?? []
  return `${name}X${Math.max(epoch, Number(before) + 1)}`
}

/** The names under which a terminal gave out numbers: `T1`, `T1X2`, `T1X3` for the last of them. */
export function seriesOf(terminal: string): string[] {
  const [, name, last] = RESTORED.exec(terminal) ?? []
  if (!name) return [terminal]
  return [name, ...Array.from({ length: Number(last) - 1 }, (_, index) => `${name}X${index + 2}`)]
}

/** Reads a number as printed, typed or scanned; null for what is none. */
export function parseDocumentNumber(
  written: string,
): { store: string; terminal: string; letter: Letter; n: number } | null {
  const text = written.trim().toUpperCase()
  const [, store, terminal, found, digits] = DOCUMENT_NUMBER.exec(text) ?? []
  if (!store || !terminal || !digits) return null
  // The expression above holds the letters.
  const [letter, n] = [found as Letter, Number(digits)]
  return documentNumber(store, terminal, n, letter) === text ? { store, terminal, letter, n } : null
}
