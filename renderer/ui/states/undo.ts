import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import { isTyping } from '../scanner/text-fields.ts'
import { useShortcuts } from '../scanner/shortcuts.ts'

/** What was done last and can still be taken back; `toast` offers it and withdraws it. */
export const useUndo = create<{ run: (() => void) | null }>(() => ({ run: null }))

/** Takes the last act back, once. */
export function undoLast() {
  const { run } = useUndo.getState()
  useUndo.setState({ run: null })
  run?.()
}

/** Ctrl+Z takes the last act back for as long as its message offers it. In a field that was typed in, it is the field's. */
export function useUndoShortcut() {
  const { t } = useTranslation()
  const typed = useRef(new WeakSet<EventTarget>())
  useEffect(() => {
    const note = ({ target, isTrusted }: Event) => {
      if (target && isTrusted) typed.current.add(target)
    }
    window.addEventListener('input', note, { capture: true })
    return () => window.removeEventListener('input', note, { capture: true })
  }, [])
  const isFields = (target: EventTarget | null) =>
    isTyping(target) && typed.current.has(target) && 'value' in target && target.value !== ''
  useShortcuts([
    {
      keys: 'mod+z',
      label: t('shortcuts.undo'),
      general: true,
      always: true,
      when: (target) => useUndo.getState().run !== null && !isFields(target),
      run: undoLast,
    },
  ])
}
