import { isTyping } from '../scanner/text-fields.ts'

/** For after an answer: whether nobody has begun to type elsewhere since this was called, so that the cursor may be moved. */
export function watchCursor(): () => boolean {
  const before = document.activeElement
  return () => document.activeElement === before || !isTyping(document.activeElement)
}
