export type Words = { readonly [key: string]: string | Words }

/** Every sentence of a namespace with its key, groups parted by dots. */
export const sentencesOf = (words: Words, path = ''): [key: string, sentence: string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : sentencesOf(value, `${path}${key}.`),
  )
