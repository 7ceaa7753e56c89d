import { withoutInvisible } from './written-text.ts'

const PRINTABLE_ASCII = /^[ -~]*$/
/** As keyboards, tablets and papers write it: `O'Leary`, `O’Leary`, `O´Leary` and `OLeary` are alike. */
const APOSTROPHES = /['`´‘’‛′ʹʻʼʽˈ＇\u1fef\u1ffd\u0374]/g
/** One character of those in FOLDED_CHARACTERS, or a run of others. */
const BEYOND_ASCII = /[\x7f-\u017f\u2000-\u206f]|[^ -~\x7f-\u017f\u2000-\u206f]+/g
const ASCII_WORD = /[a-z0-9]+/g
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu

/** Scripts written without spaces between words, or between the names of a person. */
const UNSPACED_SCRIPTS = ['Han', 'Hang', 'Hira', 'Kana', 'Bopo', 'Thai', 'Laoo', 'Khmr', 'Mymr']
  .map((name) => `\\p{sc=${name}}`)
  .join('')
const UNSPACED = new RegExp(`[${UNSPACED_SCRIPTS}]`, 'u')
const RUNS = new RegExp(`[${UNSPACED_SCRIPTS}][${UNSPACED_SCRIPTS}\\p{M}ー]*|[^${UNSPACED_SCRIPTS}]+`, 'gu')
const CHARACTER = /\P{M}\p{M}*/gu
const SPACES = /[\s\p{Cc}]+/gu

/**
 * What a reader may leave out: accents, Arabic and Hebrew vowel points, tatweel, invisible characters. The voicing marks
 * of kana (3099, 309A) and the vowels of Thai or Devanagari make other letters and stay.
 */
const OMITTED = /(?![\u3099\u309a])\p{sc=Zinh}|[\u0591-\u05c7\u0610-\u061a\u06d6-\u06dc\u0640]|\p{Cf}/gu

const SPELLINGS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ı: 'i',
  ς: 'σ',
  ة: 'ه',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
}
const RESPELLED = new RegExp(`[${Object.keys(SPELLINGS).join('')}٠-٩۰-۹]`, 'gu')

/** What Latin letters and typographic punctuation fold to, worked out once. */
const FOLDED_CHARACTERS = new Map(
  [...charactersFrom(0, 0x17f), ...charactersFrom(0x2000, 0x206f)].map((c) => [c, foldRun(c)]),
)

/**
 * Folds a text to what search compares: lower case, no accents, one spelling per letter, single spaces. Folding what is
 * folded changes nothing.
 */
export function foldText(written: string): string {
  const text = written.replace(APOSTROPHES, '')
  if (PRINTABLE_ASCII.test(text)) return collapse(text.toLowerCase())
  // Each run folds alone: no mark that stays composes with an ASCII letter. Marks that an omitted sign kept apart may
  // stand in another order beside each other.
  const folded = text.toLowerCase().replace(BEYOND_ASCII, (run) => FOLDED_CHARACTERS.get(run) ?? foldRun(run))
  return collapse(folded.normalize('NFC'))
}

/**
 * The folded words of a text, each once. Where words are written without spaces (Chinese, Japanese, Thai, …), every
 * character and every pair of neighbours stands for a word.
 */
export function searchTokens(text: string): string[] {
  const folded = foldText(text)
  if (PRINTABLE_ASCII.test(folded)) return unique(folded.match(ASCII_WORD))
  const words: string[] = folded.match(WORD) ?? []
  if (!UNSPACED.test(folded)) return unique(words)
  return unique(words.flatMap((word) => word.match(RUNS) ?? []).flatMap(tokensOf))
}

/** Counts up with what `emailKey` gives: keys of before are made anew. */
export const EMAIL_FORM = 2

/**
 * Equal for two spellings of one mailbox: in any case (`ß` and `SS`, `σ` and `ς` too), composed or wide, with or without what
 * nobody sees.
 */
export function emailKey(email: string): string {
  const written = withoutInvisible(email.normalize('NFKC')).trim()
  return PRINTABLE_ASCII.test(written) ? written.toLowerCase() : written.toUpperCase().toLowerCase().normalize('NFKC')
}

/** How letters are written where a keyboard lacks them: `Müller` and `Mueller`, `Ærø` and `Aeroe`, `Århus` and `Aarhus`. */
const WRITTEN_OUT: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa', æ: 'ae' }
const WRITTEN_OUT_LETTERS = /[äöüøåæ]/g
const TWO_FOR_ONE = /ae|oe|ue|aa/g

/**
 * What else a text is found by: its words with such letters written out, and those that are written out with one letter
 * each. Folded; empty where there is neither.
 */
export function otherSpellings(text: string): string[] {
  const words = foldText(text).split(' ')
  const spellings = new Set(words.map(inOneLetter))
  if (hasWrittenOut(text)) {
    const written = lowered(text).replace(WRITTEN_OUT_LETTERS, (letter) => WRITTEN_OUT[letter]!)
    for (const word of foldText(written).split(' ')) spellings.add(word)
  }
  for (const word of words) spellings.delete(word)
  return [...spellings]
}

/** What a word that is looked for looks like: one with such a letter stands for every spelling of it. */
export const soughtWord = (word: string) => (hasWrittenOut(word) ? inOneLetter(foldText(word)) : foldText(word))

const hasWrittenOut = (text: string) => !PRINTABLE_ASCII.test(text) && lowered(text).search(WRITTEN_OUT_LETTERS) !== -1
const lowered = (text: string) => text.normalize('NFC').toLowerCase()
const inOneLetter = (folded: string) => folded.replace(TWO_FOR_ONE, ([letter]) => letter!)

/** A text with the signs of its words parted: what begins behind an apostrophe begins a word too. */
export const withApostrophesParted = (text: string) => text.replace(APOSTROPHES, ' ')

/** Equal for names that differ in case, spacing and what nobody sees; accents tell names apart. */
export function nameKey(name: string): string {
  return withoutInvisible(name.normalize('NFKC')).toLowerCase().replace(SPACES, ' ').trim()
}

/** Equal for two ways to write one serial number. */
export function serialKey(serial: string): string {
  return serial
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Cc}\p{Cf}\p{Pd}]/gu, '')
}

function tokensOf(run: string): string[] {
  if (!UNSPACED.test(run)) return [run]
  const characters: string[] = run.match(CHARACTER) ?? []
  const pairs = characters.slice(1).map((character, i) => `${characters[i]}${character}`)
  return [...characters, ...pairs]
}

function charactersFrom(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCharCode(first + i))
}

function unique(words: readonly string[] | null): string[] {
  return [...new Set(words)]
}

function foldRun(run: string): string {
  const plain = run.normalize('NFKD').toLowerCase().replace(OMITTED, '').replace(APOSTROPHES, '')
  return plain.replace(RESPELLED, respell).replace(SPACES, ' ').normalize('NFC')
}

function collapse(text: string): string {
  return text.includes('  ') ? text.trim().replace(/ {2,}/g, ' ') : text.trim()
}

function respell(letter: string): string {
  // Both Eastern digit rows begin at a multiple of 16.
  return SPELLINGS[letter] ?? String(letter.charCodeAt(0) & 15)
}
