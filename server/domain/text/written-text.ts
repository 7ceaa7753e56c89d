/**
 * What is invisible and parts nothing: zero-width characters, direction marks, soft hyphens, byte order marks, the fillers of
 * Hangul, tags. Variation selectors stay: they tell pictures from signs.
 */
const INVISIBLE = new RegExp(
  [
    String.raw`[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]`,
    String.raw`[\u115f\u1160\u3164\uffa0]`,
    String.raw`\u034f|\u17b4|\u17b5|[\u180b-\u180f]|[\u{e0000}-\u{e007f}]`,
  ].join('|'),
  'gu',
)

/** A text without what nobody sees, in one form (NFC): two that look alike are alike. */
export const withoutInvisible = (text: string) =>
  PRINTABLE_ASCII.test(text) ? text : text.replace(INVISIBLE, '').normalize('NFC')

const PRINTABLE_ASCII = /^[ -~]*$/

/** Whether nobody sees anything of a text: marks by themselves, and signs that are drawn as nothing, say no name. */
export const isBlank = (text: string) => !VISIBLE.test(text)

/** The blank of Braille and the place of an object are signs to Unicode. */
const VISIBLE = /(?![\u2800\ufffc])[\p{L}\p{N}\p{P}\p{S}]/u
