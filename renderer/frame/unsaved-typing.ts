import { useEffect, useRef } from 'react'
import { queryClient } from '../query.ts'
import { isTyping } from '../ui/scanner/text-fields.ts'

/** Fields whose words are looked up or kept as they are typed: to leave them loses nothing. */
const KEPT = '[role=search], [role=combobox], [data-filter], [data-composer], [type=search]'

/**
 * Whether something was typed into the content of this screen that nothing has kept: a field that somebody typed in since the
 * screen was opened, or since the last act was done, and that is neither gone nor empty.
 */
export function useUnsavedTyping(pathname: string): () => boolean {
  const typed = useRef(new Set<HTMLInputElement | HTMLTextAreaElement>())
  useEffect(() => {
    const fields = typed.current
    fields.clear()
    const note = ({ target }: Event) => {
      if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) || !isTyping(target)) return
      if (target.closest('#content') && !target.closest(KEPT)) fields.add(target)
    }
    window.addEventListener('input', note)
    const stop = queryClient.getMutationCache().subscribe(({ type, mutation }) => {
      if (type === 'updated' && mutation.state.status === 'success') fields.clear()
    })
    return () => {
      window.removeEventListener('input', note)
      stop()
    }
  }, [pathname])
  return () => [...typed.current].some(({ isConnected, value }) => isConnected && value.trim() !== '')
}
