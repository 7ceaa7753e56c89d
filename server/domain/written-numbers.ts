import { foldText } from './text/fold.ts'
import { documentNumber, type Letter, LETTERS } from './numbers.ts'

/** One series of numbers: `S1` and `T1`. */
export type NumberSeries = { store: string; terminal: string }

const DASHES = /\s*[\p{Pd}\u2212/.]\s*/gu
const NUMBER_SIGN = /^(#|nº|no\.?|nr\.?)\s*(?=[a-z\d])/
const BARE = /^([rp]?)(\d{1,15})$/
/** Without signs between them nothing but their six digits tells where the count begins. */
const CLOSE = /^([rp]?)(\d{6,15})$/

/**
 * The number of tickets, receipts and purchases that somebody means who writes `62`, `#62`, `T1-62`, `S1–T1–62`, `s1t1000062` or `R62`, in
 * each of the series that there are. `whole` says that store and terminal stand in it: it means no other, and no letter that it
 * does not name. Empty for what is no number.
 */
export function numbersMeant(written: string, series: readonly NumberSeries[]): { numbers: string[]; whole: boolean } {
  const text = foldText(written).replace(NUMBER_SIGN, '').replace(DASHES, '-')
  const bare = BARE.exec(text)
  if (bare) return { numbers: series.flatMap((one) => named(one, bare)), whole: false }
  const whole = series.flatMap((one) => named(one, behind(text, one.store, one.terminal)).slice(0, 1))
  if (whole.length > 0) return { numbers: whole, whole: true }
  return { numbers: series.flatMap((one) => named(one, behind(text, one.terminal))), whole: false }
}

/** The count behind the parts of a series, with a dash or space behind each of them or none. */
function behind(text: string, ...parts: string[]): RegExpExecArray | null {
  const words = parts.map((part) => part.toLowerCase())
  for (const between of ['-', ' ']) {
    const beginning = words.map((word) => word + between).join('')
    if (text.startsWith(beginning)) return BARE.exec(text.slice(beginning.length))
  }
  const close = words.join('')
  return text.startsWith(close) ? CLOSE.exec(text.slice(close.length)) : null
}

/** A ticket has no letter before its digits; who writes none may mean a receipt too, which comes second. A purchase is named by its letter. */
function named({ store, terminal }: NumberSeries, found: RegExpExecArray | null): string[] {
  if (!found) return []
  const [, letter, digits] = found
  // The expressions above know the letters.
  const letters = letter ? [letter.toUpperCase() as Letter] : [LETTERS.ticket, LETTERS.receipt]
  return letters.map((before) => documentNumber(store, terminal, Number(digits), before))
}
