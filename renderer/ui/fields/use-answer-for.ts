import { useEffect, useRef } from 'react'

/**
 * What is shown may still belong to what was typed before. Enter therefore asks for the text as it stands and acts on that
 * answer; it is dropped when something else is typed by then, or the field is gone. No answer counts as nothing found.
 */
export function useAnswerFor(typed: string) {
  const standing = useRef<string | null>(typed)
  standing.current = typed
  useEffect(() => () => void (standing.current = null), [])
  return async <Answer>(ask: (typed: string) => Promise<Answer>, act: (answer: Answer | undefined) => void) => {
    const answer = await ask(typed).catch(() => undefined)
    if (standing.current === typed) act(answer)
  }
}
