const RIGHT_TO_LEFT = /\p{sc=Arab}|\p{sc=Hebr}|\p{sc=Syrc}|\p{sc=Thaa}|\p{sc=Nkoo}/u
const [FIRST_STRONG, POP] = ['\u2068', '\u2069']

/** A text that is put into another: one that is read from right to left never turns the numbers beside it round. */
export const isolated = (text: string) => (RIGHT_TO_LEFT.test(text) ? FIRST_STRONG + text + POP : text)

/** What there is of these, with a dot between. */
export const joined = (...parts: readonly (string | null | undefined | false)[]) =>
  parts.flatMap((part) => (part ? isolated(part) : [])).join(' · ')
