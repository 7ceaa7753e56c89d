import { foldText } from './fold.ts'

/** Beyond so many figures a run of them is compared by its first ones. */
const MAX_FIGURES = 40

/**
 * What names are sorted by, compared character by character: case and accents aside, and figures by their value, so that
 * `iPhone 9` comes before `iPhone 13`.
 */
export const sortKey = (name: string): string =>
  foldText(name).replace(/\d+/g, (run) => {
    const figures = run.replace(/^0+(?=\d)/, '')
    return String.fromCharCode(0x30 + Math.min(figures.length, MAX_FIGURES)) + figures
  })
