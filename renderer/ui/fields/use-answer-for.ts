import { useEffect, useRef } from 'react'

/**
 * What is shown may still belong to what was typed before. Enter therefore asks for the present text and acts on that
 * answer; it is dropped when the text has changed by then, or the field is gone. No answer counts as nothing found.
 */
export function useAnswerFor(typed: string) {
  const currentText = useRef<string | null>(typed)
  currentText.current = typed
  useEffect(() => () => void (currentText.current = null), [])
  return async <Answer>(ask: (typed: string) => Promise<Answer>, act: (answer: Answer | undefined) => void) => {
    const answer = await ask(typed).catch(() => undefined)
    if (currentText.current === typed) act(answer)
  }
}
