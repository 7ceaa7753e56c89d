import type { Translated, Words } from '../languages.ts'

export const words: Translated<Words['repairs']> = {
  list: { title: 'Reparaturen' },
}
